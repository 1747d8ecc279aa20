import { partijen } from '../../begrippen/organisatie.ts'
import { conflict } from '../../platform/http/problem.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { OndertekeningInvoer } from './overeenkomst-schema.ts'
import { type OvereenkomstRij, signOvereenkomst } from './overeenkomst-store.ts'
import { showOvereenkomst } from './show-overeenkomst.ts'

/**
 * Signs an agreement for the organisation of the caller. Throws toestand-staat-dit-niet-toe when the agreement has
 * ended or that organisation has signed it already.
 */
export async function addOndertekening(
  { tx, caller, now }: Handeling,
  current: OvereenkomstRij,
  given: OndertekeningInvoer
): Promise<void> {
  const partij = partijen.find((name) => name === caller.rol)!
  const { status, ondertekeningen } = showOvereenkomst(current, todayIn(now))
  if (status === 'beeindigd') throw conflict('De overeenkomst is beëindigd.')
  if (ondertekeningen.some((ondertekening) => ondertekening.partij === partij)) {
    throw conflict('Uw organisatie heeft al ondertekend.')
  }
  await signOvereenkomst(tx, current.id, partij, { ...given, op: now.toISOString() })
}

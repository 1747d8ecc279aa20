import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { signStatement, verifyStatement } from '../../platform/crypto/statement.ts'
import type { Vroegsignaal } from '../vroegsignaal-schema.ts'

/**
 * The content of a receipt: who reported a signal, where and when, and that it met the criteria by what the partner
 * stated. The partner's own reference is all that it holds about the resident.
 */
export type Melding = {
  readonly vroegsignaalId: string
  readonly signaalpartner: { id: string; naam: string }
  readonly gemeente: { gemeentecode: string; naam: string }
  readonly referentie: string
  readonly signaaldatum: string
  readonly ontvangenOp: string
  readonly criteria: { criterium: string; uitkomst: string; grondslag: string }[]
}

type Meldbewijs = Melding & { readonly iss: string }

const typ = 'meldbewijs+jws'

/** The content of the receipt of a signal, which must be shown with its evidence. */
export function describeMelding(signaal: Vroegsignaal, gemeentenaam: string): Melding {
  const { id, signaalpartner, gemeentecode, referentie, signaaldatum, ontvangenOp, beoordeling } = signaal
  return {
    vroegsignaalId: id,
    signaalpartner,
    gemeente: { gemeentecode, naam: gemeentenaam },
    referentie,
    signaaldatum,
    ontvangenOp,
    criteria: beoordeling!.criteria
  }
}

/** Signs a receipt: a compact JWS that can be checked without the hub, even when the signal is long gone. */
export function signMeldbewijs(keys: KeyRing, publicUrl: string, melding: Melding): Promise<string> {
  return signStatement(keys, typ, { iss: publicUrl, ...melding } satisfies Meldbewijs)
}

/** The content of a receipt; undefined when it is not ours or was altered. */
export async function verifyMeldbewijs(keys: KeyRing, jws: string): Promise<Melding | undefined> {
  const found = await verifyStatement<Meldbewijs>(keys, typ, jws)
  if (found === undefined) return undefined
  const { iss: _, ...melding } = found
  return melding
}

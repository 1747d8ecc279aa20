import type { Tx } from '../../platform/database/open-database.ts'
import { bodyFault, type Fault, invalid } from '../../platform/http/problem.ts'
import { whyAbsent } from '../herindelingen/why-absent.ts'
import { findSignaalpartner } from '../signaalpartners/signaalpartner-store.ts'
import type { OvereenkomstInvoer } from './overeenkomst-schema.ts'
import { addOvereenkomst } from './overeenkomst-store.ts'

type Parties = Pick<OvereenkomstInvoer, 'gemeentecode' | 'signaalpartnerId' | 'sectoren'>

/** Adds an agreement that nobody has signed and returns its id. Throws ongeldige-invoer as `requireParties` does. */
export async function proposeOvereenkomst(
  tx: Tx,
  { einddatum, ...given }: OvereenkomstInvoer
): Promise<string> {
  await requireParties(tx, given)
  const id = crypto.randomUUID()
  await addOvereenkomst(tx, { id, ...given, einddatum: einddatum ?? null })
  return id
}

/** Throws ongeldige-invoer when a party does not take part, or the partner is not admitted to all of these sectors. */
export async function requireParties(
  tx: Tx,
  { gemeentecode, signaalpartnerId, sectoren }: Parties
): Promise<void> {
  const errors: Fault[] = []
  const refuse = (location: string, detail: string) => errors.push(bodyFault(location, 'table', detail))
  const absent = await whyAbsent(tx, gemeentecode)
  if (absent !== undefined) refuse('/gemeentecode', absent)
  const partner = await findSignaalpartner(tx, signaalpartnerId)
  if (partner === undefined) refuse('/signaalpartnerId', 'Deze signaalpartner bestaat niet.')
  else if (sectoren.some((sector) => !partner.sectoren.includes(sector))) {
    refuse('/sectoren', 'De signaalpartner is niet in al deze sectoren toegelaten.')
  }
  if (errors.length > 0) throw invalid(errors)
}

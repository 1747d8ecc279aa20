import type { Tx } from '../../platform/database/open-database.ts'
import { bodyFault, type Fault, invalid } from '../../platform/http/problem.ts'
import { findGemeente } from '../gemeenten/gemeente-store.ts'
import { findOpgegaan } from '../herindelingen/herindeling-store.ts'
import { useOpvolger } from '../herindelingen/use-opvolger.ts'
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
  if ((await findGemeente(tx, gemeentecode)) === undefined) {
    refuse('/gemeentecode', 'Deze gemeente doet niet mee; voeg haar eerst toe.')
  }
  const opgegaan = await findOpgegaan(tx, gemeentecode)
  if (opgegaan !== undefined) refuse('/gemeentecode', useOpvolger(opgegaan))
  const partner = await findSignaalpartner(tx, signaalpartnerId)
  if (partner === undefined) refuse('/signaalpartnerId', 'Deze signaalpartner bestaat niet.')
  else if (sectoren.some((sector) => !partner.sectoren.includes(sector))) {
    refuse('/sectoren', 'De signaalpartner is niet in al deze sectoren toegelaten.')
  }
  if (errors.length > 0) throw invalid(errors)
}

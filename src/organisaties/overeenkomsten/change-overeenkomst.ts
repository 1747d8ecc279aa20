import type { Tx } from '../../platform/database/open-database.ts'
import { conflict } from '../../platform/http/problem.ts'
import { isOtherDeal } from './is-other-deal.ts'
import type { OvereenkomstWijziging } from './overeenkomst-schema.ts'
import { type OvereenkomstRij, saveOvereenkomst } from './overeenkomst-store.ts'
import { requireParties } from './propose-overeenkomst.ts'

/**
 * Changes an agreement. Both parties must sign again when the covenant version or the start date changes, or a sector
 * is added. Throws ongeldige-invoer as `requireParties` does, and toestand-staat-dit-niet-toe for an agreement that was
 * ended, an end date before the start date, or a status that needs signatures that are missing.
 */
export async function changeOvereenkomst(
  tx: Tx,
  current: OvereenkomstRij,
  wijziging: OvereenkomstWijziging
): Promise<void> {
  const { status, ...terms } = wijziging
  const { sectoren } = terms
  if (sectoren !== undefined) await requireParties(tx, { ...current, sectoren })
  if (current.ingreep === 'beeindigd') refuse('De overeenkomst is beëindigd; sluit een nieuwe.')
  const ingangsdatum = terms.ingangsdatum ?? current.ingangsdatum
  const einddatum = terms.einddatum === undefined ? current.einddatum : terms.einddatum
  if (einddatum !== null && einddatum < ingangsdatum) refuse('De einddatum ligt voor de ingangsdatum.')
  const mustSignAgain = isOtherDeal(current, terms)
  const isSigned = current.ondertekeningSignaalpartner !== null && current.ondertekeningGemeente !== null
  if (status === 'actief' && (mustSignAgain || !isSigned)) refuse('Beide partijen moeten eerst ondertekenen.')
  if (Object.keys(wijziging).length === 0) return
  await saveOvereenkomst(tx, current.id, {
    ...terms,
    ...(status !== undefined && { ingreep: status === 'actief' ? null : status }),
    ...(mustSignAgain && { ondertekeningSignaalpartner: null, ondertekeningGemeente: null })
  })
}

function refuse(detail: string): never {
  throw conflict(detail)
}

import type { Tx } from '../../platform/database/open-database.ts'
import { conflict } from '../../platform/http/problem.ts'
import type { OvereenkomstWijziging } from './overeenkomst-schema.ts'
import { type OvereenkomstRij, saveOvereenkomst } from './overeenkomst-store.ts'
import { requireParties } from './propose-overeenkomst.ts'

/**
 * Changes an agreement. The parties signed for the covenant version, the start date and the sectors as they were: when
 * one of these changes, or a sector is added, both must sign again. Throws ongeldige-invoer as `requireParties` does,
 * and toestand-staat-dit-niet-toe for an agreement that was ended or a status that its signatures do not allow.
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

function isOtherDeal(
  current: OvereenkomstRij,
  { sectoren, convenantversie, ingangsdatum }: OvereenkomstWijziging
): boolean {
  return (
    (convenantversie !== undefined && convenantversie !== current.convenantversie) ||
    (ingangsdatum !== undefined && ingangsdatum !== current.ingangsdatum) ||
    (sectoren ?? []).some((sector) => !current.sectoren.includes(sector))
  )
}

function refuse(detail: string): never {
  throw conflict(detail)
}

import { mergePatch } from '../../platform/http/merge-patch.ts'
import { markHuishoudensOfGemeente } from '../../sporen/mark-huishoudens.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { GemeenteWijziging } from './gemeente-schema.ts'
import { type GemeenteRij, saveGemeente, saveInstellingen } from './gemeente-store.ts'

/**
 * Changes a municipality: the operator may change everything, the municipality only its own settings. `matchTelling`
 * affects all its households, so a change of it marks them in the same transaction.
 */
export async function changeGemeente(
  { tx, caller }: Handeling,
  current: GemeenteRij,
  wijziging: GemeenteWijziging
): Promise<void> {
  const { oin = null, ...changed } = mergePatch(current, wijziging) as GemeenteRij
  if (caller.rol === 'beheer') await saveGemeente(tx, { ...changed, oin })
  else await saveInstellingen(tx, current.gemeentecode, changed.instellingen)
  if (wijziging.instellingen?.matchTelling !== undefined) {
    await markHuishoudensOfGemeente(tx, current.gemeentecode)
  }
}

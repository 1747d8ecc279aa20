import { mergePatch } from '../../platform/http/merge-patch.ts'
import { markHuishoudensOfPartner } from '../../sporen/mark-huishoudens.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { SignaalpartnerWijziging } from './signaalpartner-schema.ts'
import {
  listGemeentecodesOfPartner,
  type SignaalpartnerRij,
  saveSignaalpartner
} from './signaalpartner-store.ts'

/** Changes a partner. Households show its name, so a new name marks them in the same transaction. */
export async function changeSignaalpartner(
  { tx }: Handeling,
  current: SignaalpartnerRij,
  wijziging: SignaalpartnerWijziging
): Promise<void> {
  const { kvkNummer = null, oin = null, ...changed } = mergePatch(current, wijziging) as SignaalpartnerRij
  await saveSignaalpartner(tx, { ...changed, kvkNummer, oin })
  if (wijziging.naam === undefined) return
  await markHuishoudensOfPartner(tx, await listGemeentecodesOfPartner(tx, current.id), current.id)
}

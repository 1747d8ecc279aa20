import type { Ongeldigheidsreden } from '../../begrippen/ongeldigheidsreden.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { piecesOf } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** Records that the receipts of these signals are not valid any more. Outlives the signals. */
export async function voidMeldbewijzen(
  tx: Tx,
  keys: KeyRing,
  ids: readonly string[],
  reden: Ongeldigheidsreden
): Promise<void> {
  if (ids.length === 0) return
  const rows = ids.map((id) => ({ signaalHash: hashOf(keys, id), reden }))
  for (const piece of piecesOf(rows)) await tx.insertInto('ongeldigMeldbewijs').values(piece).execute()
}

/** Why the receipt of a signal is not valid any more; undefined when it is. */
export async function findOngeldigheid(
  tx: Tx,
  keys: KeyRing,
  id: string
): Promise<Ongeldigheidsreden | undefined> {
  const row = await tx
    .selectFrom('ongeldigMeldbewijs')
    .select('reden')
    .where('signaalHash', '=', hashOf(keys, id))
    .executeTakeFirst()
  return row?.reden
}

function hashOf(keys: KeyRing, id: string): Buffer {
  return keys.hash('pseudoniem', `meldbewijs|${id}`)
}

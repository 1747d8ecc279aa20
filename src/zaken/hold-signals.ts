import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { showSignals } from '../vroegsignalen/show-signals.ts'
import type { Vroegsignaal } from '../vroegsignalen/vroegsignaal-schema.ts'
import { type BehandeldeRij, lockSignalsOfGemeente } from '../vroegsignalen/vroegsignaal-store.ts'

/** A signal that a municipality acts upon, opened. */
export type BehandeldSignaal = { readonly row: BehandeldeRij; readonly signaal: Vroegsignaal }

/** Opens those of the signals that live and are not withdrawn, and holds them against change. */
export async function holdSignals(
  tx: Tx,
  keys: KeyRing,
  gemeentecodes: readonly string[],
  ids: readonly string[]
): Promise<BehandeldSignaal[]> {
  const rows = await lockSignalsOfGemeente(tx, gemeentecodes, ids)
  const shown = new Map((await showSignals(keys, rows)).map((signaal) => [signaal.id, signaal]))
  return rows.flatMap((row) => {
    const signaal = shown.get(row.id)
    return signaal === undefined ? [] : [{ row, signaal }]
  })
}

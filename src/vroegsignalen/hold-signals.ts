import type { Handeling } from '../toegang/handeling.ts'
import { showSignals } from './show-signals.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import { type BehandeldeRij, lockSignalsOfGemeente } from './vroegsignaal-store.ts'

/** A signal that a municipality acts upon, opened. */
export type BehandeldSignaal = { readonly row: BehandeldeRij; readonly signaal: Vroegsignaal }

/**
 * Locks those of the signals that live and are not withdrawn, and opens the wanted ones. The caller has to log what it
 * does with them.
 */
export async function holdSignals(
  handeling: Handeling,
  gemeentecodes: readonly string[],
  ids: readonly string[],
  isWanted: (row: BehandeldeRij) => boolean = () => true
): Promise<BehandeldSignaal[]> {
  const rows = (await lockSignalsOfGemeente(handeling.tx, gemeentecodes, ids)).filter(isWanted)
  const shown = new Map((await showSignals(handeling, rows)).map((signaal) => [signaal.id, signaal]))
  return rows.flatMap((row) => {
    const signaal = shown.get(row.id)
    return signaal === undefined ? [] : [{ row, signaal }]
  })
}

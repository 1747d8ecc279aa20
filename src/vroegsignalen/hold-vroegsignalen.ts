import type { Handeling } from '../toegang/handeling.ts'
import { parseVroegsignaal, showVroegsignalen } from './show-vroegsignalen.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import { type BehandeldeRij, lockVroegsignalenOfGemeente } from './vroegsignaal-store.ts'

/** A signal that a municipality acts upon: its row and its opened content. */
export type BehandeldSignaal = { readonly row: BehandeldeRij; readonly signaal: Vroegsignaal }

/**
 * Locks the live signals among these, withdrawn ones excluded, and opens the wanted ones. The caller must log what it
 * does with them.
 */
export async function holdVroegsignalen(
  handeling: Handeling,
  gemeentecodes: readonly string[],
  ids: readonly string[],
  isWanted: (row: BehandeldeRij) => boolean = () => true
): Promise<BehandeldSignaal[]> {
  const rows = (await lockVroegsignalenOfGemeente(handeling.tx, gemeentecodes, ids)).filter(isWanted)
  const shown = new Map(
    (await showVroegsignalen(handeling, rows)).map((signaal) => [signaal.id, parseVroegsignaal(signaal)])
  )
  return rows.flatMap((row) => {
    const signaal = shown.get(row.id)
    return signaal === undefined ? [] : [{ row, signaal }]
  })
}

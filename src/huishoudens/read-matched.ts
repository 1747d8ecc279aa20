import type { Context, Database, Tx } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { isMatchingDue } from './markering-store.ts'
import { matchHouseholds } from './match-households.ts'
import { OutdatedHousehold } from './read-households.ts'

const attempts = 5

/**
 * Reads households that are up to date with every committed signal. When the matcher still has work on them, or one
 * changed so that its counts would contradict its signals, they are matched first. With `isPublishing` they always are:
 * what has expired is then published as gone, which a municipality cannot see by itself.
 */
export async function readMatched<Result>(
  { database }: { database: Database },
  context: Context,
  gemeentecodes: readonly string[],
  read: (tx: Tx) => Promise<Result>,
  isPublishing = false
): Promise<Result> {
  let isMatching = isPublishing
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (isMatching) await matchHouseholds(database, gemeentecodes)
    try {
      return await database.as(context, async (tx) => {
        if (!isMatching && (await isMatchingDue(tx, gemeentecodes))) throw new OutdatedHousehold()
        return read(tx)
      })
    } catch (error) {
      if (!(error instanceof OutdatedHousehold)) throw error
      isMatching = true
    }
  }
  throw new Problem('tijdelijk-niet-beschikbaar', { headers: { 'retry-after': '1' } })
}

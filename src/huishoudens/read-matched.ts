import type { Context, Database, Tx } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { isDue, matchHouseholds } from './match-households.ts'
import { OutdatedHousehold } from './read-households.ts'

const attempts = 5

/**
 * Reads households that are up to date with every committed signal. They are matched first when there is something to
 * match, and again when one changed before it was read, so that its counts would contradict its signals.
 */
export async function readMatched<Result>(
  { database }: { database: Database },
  context: Context,
  gemeentecodes: readonly string[],
  read: (tx: Tx) => Promise<Result>
): Promise<Result> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0 || (await isDue(database, gemeentecodes))) await matchHouseholds(database, gemeentecodes)
    try {
      return await database.as(context, read)
    } catch (error) {
      if (!(error instanceof OutdatedHousehold)) throw error
    }
  }
  throw new Problem('tijdelijk-niet-beschikbaar', { headers: { 'retry-after': '1' } })
}

import type { Context, Database, Tx } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { matchHouseholds } from './match-households.ts'
import { OutdatedHousehold } from './read-households.ts'

const attempts = 5

/**
 * Reads households that are up to date with every committed signal. When one changed between the matching and the
 * reading, so that its counts would contradict its signals, both are done again.
 */
export async function readMatched<Result>(
  { database }: { database: Database },
  context: Context,
  gemeentecodes: readonly string[],
  read: (tx: Tx) => Promise<Result>
): Promise<Result> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    for (const gemeentecode of gemeentecodes) await matchHouseholds(database, gemeentecode)
    try {
      return await database.as(context, read)
    } catch (error) {
      if (!(error instanceof OutdatedHousehold)) throw error
    }
  }
  throw new Problem('tijdelijk-niet-beschikbaar', { headers: { 'retry-after': '1' } })
}

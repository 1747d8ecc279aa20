import type { Context, Database, Tx } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import type { Hub } from '../platform/hub.ts'
import { type IsoDate, todayIn } from '../time.ts'
import { readMatching } from './markering-store.ts'
import { matchHouseholds } from './match-households.ts'
import { OutdatedHousehold } from './read-households.ts'

const attempts = 5

// On which day this process last had a municipality matched. On a new day households may have expired, which the
// municipality no longer sees but which must be published as gone before it reads a list without them.
const matchedOn = new WeakMap<Database, Map<string, IsoDate>>()

/**
 * Reads households that are up to date with every committed signal and with the day. When the matcher still has work
 * on them, or one changed so that its counts would contradict its signals, they are matched first.
 */
export async function readMatched<Result>(
  { database, clock }: Pick<Hub, 'database' | 'clock'>,
  context: Context,
  gemeentecodes: readonly string[],
  read: (tx: Tx) => Promise<Result>
): Promise<Result> {
  const days = matchedOn.get(database) ?? new Map<string, IsoDate>()
  matchedOn.set(database, days)
  for (let isMatched = false, attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) {
      const day = todayIn(clock())
      await matchHouseholds(database, gemeentecodes)
      for (const gemeentecode of gemeentecodes) days.set(gemeentecode, day)
      isMatched = true
    }
    try {
      return await database.as(context, async (tx) => {
        const { isDue, vandaag } = await readMatching(tx, gemeentecodes)
        const isOfToday = gemeentecodes.every((gemeentecode) => days.get(gemeentecode) === vandaag)
        if (!isOfToday || (isDue && !isMatched)) throw new OutdatedHousehold()
        return read(tx)
      })
    } catch (error) {
      if (!(error instanceof OutdatedHousehold)) throw error
    }
  }
  throw new Problem('tijdelijk-niet-beschikbaar', { headers: { 'retry-after': '1' } })
}

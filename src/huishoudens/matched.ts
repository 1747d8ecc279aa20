import { later } from '../platform/http/problem.ts'
import type { Hub } from '../toegang/hub.ts'
import { isDue, matchHuishoudens } from './match-huishoudens.ts'
import { OutdatedHuishouden } from './read-huishoudens.ts'

const attempts = 5

/**
 * Runs `attempt` on households that are up to date with every committed signal. Matches first when there is something
 * to match, and again when a household changed before it was read, because its counts would contradict its signals.
 * Throws tijdelijk-niet-beschikbaar when that keeps happening.
 */
export async function matched<Result>(
  { database }: Pick<Hub, 'database'>,
  gemeentecodes: readonly string[],
  attempt: () => Promise<Result>
): Promise<Result> {
  for (let made = 0; made < attempts; made += 1) {
    if (made > 0 || (await isDue(database, gemeentecodes))) await matchHuishoudens(database, gemeentecodes)
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof OutdatedHuishouden)) throw error
    }
  }
  throw later(1)
}

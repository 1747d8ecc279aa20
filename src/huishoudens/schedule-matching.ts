import type { Logger } from 'pino'
import type { Database } from '../platform/database/open-database.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import { reportFailures } from '../platform/jobs/report-failures.ts'
import { matchAll } from './match-huishoudens.ts'

const interval = 250

/**
 * Matches every 250 ms, so that a municipality's read finds little left to do; not while `isHeld`, for what matching ends
 * does not come back with the right day. `onMatched` hears of every time that it could. Returns a function that stops it.
 */
export function scheduleMatching(
  database: Database,
  logger: Logger,
  { isHeld = () => false, onMatched }: { isHeld?: () => boolean; onMatched?: () => void } = {}
): () => Promise<void> {
  const failures = reportFailures(logger, 'matching', onMatched)
  const work = async () => {
    if (isHeld()) return
    await matchAll(database)
    failures.worked()
  }
  return repeat(work, interval, failures)
}

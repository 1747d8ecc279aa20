import type { Logger } from 'pino'
import type { Database } from '../platform/database/open-database.ts'
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
  let isStopped = false
  const { failed, worked } = reportFailures(logger, 'matching', onMatched)
  const loop = async () => {
    while (!isStopped) {
      if (!isHeld()) await matchAll(database).then(worked, failed)
      await new Promise((resolve) => setTimeout(resolve, interval))
    }
  }
  const running = loop()
  return async () => {
    isStopped = true
    await running
  }
}

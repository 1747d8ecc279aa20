import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { reportFailures } from '../../platform/jobs/report-failures.ts'
import { type BezorgerParts, openBezorger } from './bezorger.ts'

const interval = 500
// Gathers deliveries that end together, so that they share the next look for work.
const breath = 5

/**
 * Delivers events: looks for work every 500 ms, and goes on at once while there is. Returns a function that stops it and
 * waits for what is on its way.
 */
export function scheduleBezorging(
  parts: Omit<BezorgerParts, 'onSwitchedOff' | 'onError'>,
  logger: Logger
): () => Promise<void> {
  const { failed, worked } = reportFailures(logger, 'delivering events')
  const stopping = new AbortController()
  const bezorger = openBezorger({
    ...parts,
    onError: failed,
    onSwitchedOff: (abonnementId, reden) =>
      logger.warn({ abonnementId, reden }, 'a subscription was switched off')
  })
  const rest = (milliseconds: number) =>
    sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined)
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const begun = await bezorger.begin().then((count) => {
        worked()
        return count
      }, failed)
      await (begun
        ? Promise.race([rest(interval), bezorger.oneEnded().then(() => rest(breath))])
        : rest(interval))
    }
    await bezorger.allEnded()
  }
  const running = loop()
  return async () => {
    stopping.abort()
    await running
    parts.outgoing.close()
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { isTemporary } from '../../platform/database/database-errors.ts'
import { repeat } from '../../platform/jobs/repeat.ts'
import { reportFailures } from '../../platform/jobs/report-failures.ts'
import { herleidAdressen, listTeHerleiden } from './herleid-adressen.ts'
import type { Herleider } from './herleider.ts'
import { raiseRegels } from './herleiding-store.ts'

// Raise this with every change of the rules in `adressen/`: what lives is then compared anew.
const regels = 1

const failed = 'comparing addresses anew failed'
const interval = 2_000
// The database gets a rest between two batches, so that intake and reading stay quick.
const restBetweenBatches = 20

/**
 * Compares every address anew that was compared under an older address register or older rules, in the background.
 * `onHerleid` hears of every time that it could. Returns a function that stops it.
 */
export function scheduleHerleiding(herleider: Herleider, onHerleid?: () => void): () => Promise<void> {
  const failures = reportFailures(herleider.logger, 'comparing addresses anew', onHerleid)
  let isRaised = false
  const work = async (signal: AbortSignal) => {
    if (!isRaised) await herleider.database.as({ duty: 'herleider' }, (tx) => raiseRegels(tx, regels))
    isRaised = true
    await herleidAll(herleider, signal)
    failures.worked()
  }
  return repeat(work, interval, failures)
}

/**
 * Compares every address anew that has to be. Leaves a municipality for later when somebody acts upon its signals, and,
 * with a line in the log, when it fails: the others go on.
 */
export async function herleidAll(herleider: Herleider, signal?: AbortSignal): Promise<void> {
  for (const gemeentecode of await listTeHerleiden(herleider)) {
    try {
      while (!signal?.aborted && (await herleidAdressen(herleider, gemeentecode))) {
        await sleep(restBetweenBatches)
      }
    } catch (err) {
      if (!isTemporary(err)) herleider.logger.warn({ err, gemeentecode }, failed)
    }
  }
}

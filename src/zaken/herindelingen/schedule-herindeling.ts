import { isTemporary } from '../../platform/database/database-errors.ts'
import { repeat } from '../../platform/jobs/repeat.ts'
import { reportFailures } from '../../platform/jobs/report-failures.ts'
import { carryOutHerindeling } from './carry-out-herindeling.ts'
import type { Herindeler } from './herindeler.ts'
import { listDueHerindelingen } from './overgang-store.ts'

const failed = 'carrying out a re-division failed'
const interval = 2_000

/**
 * Carries out every re-division whose day has come, in the background, but not while `isHeld`. `onHerindeeld` hears of every
 * time that none of them was left undone. Returns a function that stops it.
 */
export function scheduleHerindeling(
  herindeler: Herindeler,
  { isHeld, onHerindeeld }: { isHeld: () => boolean; onHerindeeld?: () => void }
): () => Promise<void> {
  const failures = reportFailures(herindeler.logger, 'carrying out re-divisions', onHerindeeld)
  const work = async (signal: AbortSignal) => {
    if (!isHeld() && (await herindeelAll(herindeler, signal))) failures.worked()
  }
  return repeat(work, interval, failures)
}

/**
 * Carries out every re-division whose day has come. Leaves one for later when somebody acts upon its rows, or another instance
 * is at it, and, with a line in the log, when it fails: the others go on. Returns whether none was left.
 */
export async function herindeelAll(herindeler: Herindeler, signal?: AbortSignal): Promise<boolean> {
  let isDone = true
  for (const herindeling of await herindeler.database.ask({ duty: 'herindeler' }, listDueHerindelingen)) {
    try {
      const isWhole = await carryOutHerindeling(herindeler, herindeling, signal)
      isDone &&= isWhole
    } catch (err) {
      isDone = false
      if (!isTemporary(err)) herindeler.logger.warn({ err, gemeentecode: herindeling.van }, failed)
    }
  }
  return isDone
}

import cron from 'node-cron'
import type { Logger } from 'pino'
import { listGemeentecodes } from '../organisaties/gemeenten/gemeente-store.ts'
import { findLastSlot, finishSlot, retakeSlots, takeSlot } from '../platform/jobs/job-run-store.ts'
import { sealVerwerkingen } from '../sporen/seal-verwerkingen.ts'
import { systemClock } from '../time.ts'
import { repeatVervroegd } from './in-step.ts'
import { type Sweeper, sweep } from './sweep.ts'

export type SweepSchedule = {
  /** Sweeps as soon as the one in progress, if any, is done. */
  wake(): void
  /** Stops waking and resolves when the sweep in progress has ended. */
  stop(): Promise<void>
}

const job = 'vernietiging'

const retryMinutes = 10
const hour = 3_600_000
const day = 24 * hour
// Two nights may be 25 hours apart, and the cron is given time to wake by itself.
const longestNight = day + hour + retryMinutes * 60_000

/**
 * Wakes the sweeper at start, for what was missed, and by cron in Europe/Amsterdam. The clock only wakes: which
 * instance sweeps is decided by a row, and what is due by the signals themselves. A sweep that failed, here or in an
 * instance that died with it, is done again within minutes, and so is one at which nobody woke: the cron passes over an hour
 * that the night in March lacks. `onSwept` hears of each sweep whether it came to its end.
 */
export function scheduleSweep(
  sweeper: Sweeper,
  expression: string,
  logger: Logger,
  onSwept: (isDone: boolean) => void = () => undefined,
  retryEvery = retryMinutes * 60_000
): SweepSchedule {
  let running: Promise<void> = Promise.resolve()
  let hasFailed = false
  const enqueue = (work: () => Promise<void>) => {
    running = running.then(work).catch((err: unknown) => {
      hasFailed = true
      onSwept(false)
      logger.error({ err }, 'sweep failed')
    })
  }
  const run = async () => {
    await runSweep(sweeper, logger)
    onSwept(true)
  }
  const wake = () => enqueue(run)
  const retry = async () => {
    const missed = await findMissedSlot(sweeper)
    if (missed !== undefined) await sweepSlot(sweeper, missed, run)
    const isLeftBehind = await retakeUnfinished(sweeper)
    if (!hasFailed && !isLeftBehind) return
    hasFailed = false
    await run()
  }
  const sweepAt = ({ date }: { date: Date }) => enqueue(() => sweepSlot(sweeper, date.toISOString(), run))
  const task = cron.schedule(expression, sweepAt, {
    timezone: 'Europe/Amsterdam',
    suppressMissedWarning: true
  })
  // A process that was held up runs late, which is no reason not to run: the slot in the database says whether it was done.
  task.on('execution:missed', sweepAt)
  const retries = setInterval(() => enqueue(retry), retryEvery)
  wake()
  return {
    wake,
    stop: async () => {
      clearInterval(retries)
      await task.destroy()
      await running
    }
  }
}

// A slot is an instant of the machine's clock, by which the cron wakes.
async function findMissedSlot({ database }: Sweeper): Promise<string | undefined> {
  const last = await database.as({ duty: 'vernietiger' }, (tx) => findLastSlot(tx, job))
  if (last === undefined) return undefined
  const ago = systemClock()().getTime() - Date.parse(last)
  if (ago < longestNight) return undefined
  return new Date(Date.parse(last) + day * Math.floor(ago / day)).toISOString()
}

async function retakeUnfinished({ database, clock }: Sweeper): Promise<boolean> {
  const now = clock()
  const before = new Date(now.getTime() - retryMinutes * 60_000)
  return database.as({ duty: 'vernietiger' }, async (tx) => {
    const slots = await retakeSlots(tx, job, before, now)
    for (const slot of slots) await finishSlot(tx, job, slot, now)
    return slots.length > 0
  })
}

async function sweepSlot(sweeper: Sweeper, slot: string, run: () => Promise<void>): Promise<void> {
  const { database, clock } = sweeper
  const duty = { duty: 'vernietiger' } as const
  if (!(await database.as(duty, (tx) => takeSlot(tx, job, slot, clock())))) return
  await run()
  await database.as(duty, (tx) => finishSlot(tx, job, slot, clock()))
}

// Also when nothing was due: who operates the hub wants to see that the sweep ran. What is destroyed is not sealed again.
async function runSweep(sweeper: Sweeper, logger: Logger): Promise<void> {
  const began = performance.now()
  const { vroegsignalen, gemeenten } = await sweep(sweeper)
  const herhaald = await repeatVervroegd(sweeper)
  const gemeentecodes = await sweeper.database.ask({ duty: 'verzegelaar' }, listGemeentecodes)
  const verzegeld = await sealVerwerkingen(sweeper, gemeentecodes)
  const milliseconds = Math.round(performance.now() - began)
  logger.info({ vroegsignalen, gemeenten, herhaald, verzegeld, milliseconds }, 'swept')
}

import cron from 'node-cron'
import type { Logger } from 'pino'
import { listGemeentecodes } from '../organisaties/gemeenten/gemeente-store.ts'
import { finishSlot, retakeSlots, takeSlot } from '../platform/jobs/job-run-store.ts'
import { sealVerwerkingen } from '../sporen/seal-verwerkingen.ts'
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

/**
 * Wakes the sweeper at start, for what was missed, and by cron in Europe/Amsterdam. The clock only wakes: which
 * instance sweeps is decided by a row, and what is due by the signals themselves. A sweep that failed, here or in an
 * instance that died with it, is done again within minutes. `onSwept` hears of each sweep whether it came to its end.
 */
export function scheduleSweep(
  sweeper: Sweeper,
  expression: string,
  logger: Logger,
  onSwept: (isDone: boolean) => void = () => undefined
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
  const retries = setInterval(() => enqueue(retry), retryMinutes * 60_000)
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

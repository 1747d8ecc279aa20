import { ClockDoubted, type Timekeeping } from './timekeeping.ts'

/** Says whether the hub's clock can be believed at this moment. */
export type ClockWatch = { isDoubted(): boolean; stop(): Promise<void> }

const everyFiveSeconds = 5_000

/**
 * Looks at the hub's clock every five seconds, because it may be set while the hub runs. A database that does not answer
 * changes nothing.
 */
export function watchClock(
  time: Timekeeping,
  logger: { error(message: string): void; warn(message: string): void },
  interval = everyFiveSeconds
): ClockWatch {
  let doubt: ClockDoubted | undefined
  const look = async () => {
    try {
      await time.requireTime()
      if (doubt !== undefined) logger.warn('the clock can be believed again')
      doubt = undefined
    } catch (error) {
      if (!(error instanceof ClockDoubted)) return
      if (doubt === undefined) logger.error(error.message)
      doubt = error
    }
  }
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, interval)
  return {
    isDoubted: () => doubt !== undefined,
    stop: async () => {
      clearInterval(timer)
      await looking
    }
  }
}

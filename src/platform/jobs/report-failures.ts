import { reasonOf } from '../http/logger.ts'

/** Reports the failures of something that is tried again and again. */
export type Failures = {
  /** Reports a failure, unless one for the same reason was reported since it last worked. */
  failed(err: unknown): void
  /** Reports that it works again, when a failure was reported. */
  worked(): void
}

/**
 * Opens a report on `what`, such as `matching`: a line for each new reason, and one when it works again. `onWorked` hears
 * of every time that it worked.
 */
export function reportFailures(
  logger: { warn(fields: object, message: string): void },
  what: string,
  onWorked: () => void = () => undefined
): Failures {
  const reported = new Set<string>()
  return {
    failed: (err) => {
      const reason = reasonOf(err)
      if (reported.has(reason)) return
      reported.add(reason)
      logger.warn({ err }, `${what} failed; the next line about this comes when that changes`)
    },
    worked: () => {
      onWorked()
      if (reported.size === 0) return
      reported.clear()
      logger.warn({}, `${what} works again`)
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a result, but no longer than `milliseconds`; undefined when it comes later or fails. */
export async function readWithin<Result>(
  milliseconds: number,
  read: Promise<Result>
): Promise<Result | undefined> {
  const stop = new AbortController()
  const late = sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined)
  try {
    return await Promise.race([read.catch(() => undefined), late])
  } finally {
    stop.abort()
  }
}

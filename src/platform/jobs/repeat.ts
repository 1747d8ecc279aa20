import { setTimeout as sleep } from 'node:timers/promises'
import type { Failures } from './report-failures.ts'

/**
 * Does work again and again, at rest for `interval` milliseconds in between; a failure is reported, and the next turn comes all
 * the same. Returns a function that stops it, which the work hears of by its signal, and waits until it has.
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  interval: number,
  { failed }: Pick<Failures, 'failed'>
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async () => {
    while (!signal.aborted) {
      await work(signal).catch(failed)
      await sleep(interval, undefined, { signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return async () => {
    stopping.abort()
    await running
  }
}

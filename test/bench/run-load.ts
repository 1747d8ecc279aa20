import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Template } from './single-templates.ts'
import { percentile } from './statistics.ts'

/** The calls to make. Each connection makes its next call as soon as it has its answer. */
export type Load = {
  readonly url: string
  readonly path: string
  /** The status that every answer must have. */
  readonly status: number
  readonly connections: number
  /** The maximum duration. */
  readonly seconds: number
  /** The connections share these in turn. */
  readonly tokens: readonly string[]
  /** The start of every reference. A different name gives different signals. */
  readonly name: string
  /** Bodies to post. Without them the load reads along `Link: rel="next"`. */
  readonly templates?: readonly Template[]
  readonly hasKey?: boolean
}

export type LoadResult = {
  /** The milliseconds of every call that got the right status. */
  readonly latencies: readonly number[]
  readonly failures: number
  readonly seconds: number
}

/** The number of calls per second, and the p50 and p99 of their duration in milliseconds. */
export type Speed = { readonly perSecond: number; readonly p50: number; readonly p99: number }

/** Starts a load in a separate thread. `stop` ends it early. */
export function startLoad(load: Load): { stop(): Promise<Speed> } & { readonly ended: Promise<Speed> } {
  const worker = new Worker(new URL('./call-worker.ts', import.meta.url), { workerData: load })
  const ended = once(worker, 'message').then(([result]) => toSpeed(result as LoadResult, load))
  // The caller gets the failure when it awaits `ended`. Until then an unhandled rejection would end the process.
  ended.catch(() => undefined)
  return {
    ended,
    stop: () => {
      worker.postMessage('stop')
      return ended
    }
  }
}

/** Runs a load to its end. */
export function runLoad(load: Load): Promise<Speed> {
  return startLoad(load).ended
}

function toSpeed({ latencies, failures, seconds }: LoadResult, { path, status }: Load): Speed {
  if (failures > 0) throw new Error(`${failures} keer een ander antwoord dan ${status} op ${path}`)
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99)
  }
}

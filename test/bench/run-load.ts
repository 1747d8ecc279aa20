import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Template } from './single-templates.ts'
import { percentile } from './statistics.ts'

/** Calls to make: each connection the next as soon as the answer to the last is in. */
export type Load = {
  readonly url: string
  readonly path: string
  /** The status every answer must have. */
  readonly status: number
  readonly connections: number
  /** The longest it lasts. */
  readonly seconds: number
  /** Connections take these in turn. */
  readonly tokens: readonly string[]
  /** Heads the references; another name is other signals. */
  readonly name: string
  /** Bodies to post; without them it reads along `Link: rel="next"`. */
  readonly templates?: readonly Template[]
  readonly hasKey?: boolean
}

export type LoadResult = {
  /** Milliseconds of every call that was answered as it should. */
  readonly latencies: readonly number[]
  readonly failures: number
  readonly seconds: number
}

/** The middle and the slow end of how long calls took, in milliseconds, and how many there were a second. */
export type Speed = { readonly perSecond: number; readonly p50: number; readonly p99: number }

/** Starts a load in a thread of its own; `stop` ends it before its time. */
export function startLoad(load: Load): { stop(): Promise<Speed> } & { readonly ended: Promise<Speed> } {
  const worker = new Worker(new URL('./call-worker.ts', import.meta.url), { workerData: load })
  const ended = once(worker, 'message').then(([result]) => toSpeed(result as LoadResult, load))
  // Whoever waits for it hears of a failure; until then it must not end the process.
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

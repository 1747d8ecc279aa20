import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Failures } from '../jobs/report-failures.ts'
import type { Outcome } from './send-spans.ts'
import type { Collector, Span } from './span.ts'

/** Takes spans and sends them to a collector, in a thread of its own. */
export type Spans = {
  /** Whether the spans of a trace are recorded; every hub with the same share decides alike. */
  isRecorded(traceId: string): boolean
  /** Takes a span. Never waits and never throws; when too many wait for the collector it is dropped. */
  record(span: Span): void
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>
}

type Options = {
  readonly collector: Collector
  /** The share of traces that is recorded, 0 to 1. */
  readonly share: number
  readonly failures: Failures
  readonly count: (result: 'sent' | 'failed' | 'dropped', spans: number) => void
}

const interval = 1_000
const batchSize = 512
const mostWaiting = 4_096
const longestFarewell = 2_000

/** Starts the thread that sends spans. The packages that it needs are loaded there, and only then. */
export function openSpans({ collector, share, failures, count }: Options): Spans {
  const worker = new Worker(new URL('./send-spans.ts', import.meta.url), {
    workerData: collector,
    // An answer may swell when it is parsed: then the thread ends, and the hub goes on without traces.
    resourceLimits: { maxOldGenerationSizeMb: 128 }
  })
  const waiting: Span[] = []
  let sending = 0
  let isGone = false
  let sent = Promise.withResolvers<void>()
  const settle = (result: 'sent' | 'failed') => {
    count(result, sending)
    sending = 0
    sent.resolve()
  }
  const send = () => {
    if (sending > 0 || waiting.length === 0 || isGone) return
    const batch = waiting.splice(0, batchSize)
    sending = batch.length
    sent = Promise.withResolvers()
    worker.postMessage(batch)
  }
  worker.on('message', (outcome: Outcome) => {
    settle(outcome.isSent ? 'sent' : 'failed')
    if (outcome.isSent) failures.worked()
    else failures.failed(refusalOf(outcome))
    if (outcome.isSent && waiting.length >= batchSize) send()
  })
  worker.on('error', (error) => {
    isGone = true
    failures.failed(error)
    settle('failed')
  })
  const timer = setInterval(send, interval).unref()
  worker.unref()
  return {
    isRecorded: (traceId) => Number.parseInt(traceId.slice(0, 8), 16) < share * 2 ** 32,
    record: (span) => {
      if (waiting.length < mostWaiting && !isGone) waiting.push(span)
      else count('dropped', 1)
    },
    close: async () => {
      clearInterval(timer)
      worker.ref()
      const all = async () => {
        while (sending > 0 || (waiting.length > 0 && !isGone)) {
          send()
          await sent.promise
        }
      }
      await Promise.race([all(), sleep(longestFarewell, undefined, { ref: false })])
      // Not waited for: it may be busy with an answer, and cannot be interrupted.
      void worker.terminate()
    }
  }
}

// Told by status or code alone: what a collector writes does not enter the log.
function refusalOf({ status, code }: Outcome): Error {
  const error = new Error('the collector did not take the spans')
  error.name = status === undefined ? 'CollectorAway' : `Collector${status}`
  return Object.assign(error, { code })
}

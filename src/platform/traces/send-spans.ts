import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { type HrTime, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Collector, Span } from './span.ts'

// Runs in a thread of its own, which open-spans.ts starts: whatever the collector does, the hub does not wait for it.

/** What became of a batch of spans; why it failed as a status of HTTP or a code of the system. */
export type Outcome = { readonly isSent: boolean; readonly status?: number; readonly code?: string }

// Milliseconds. The library keeps to the first while nothing comes; the second ends what only trickles.
const longestSilence = 5_000
const longestExport = 6_000

const { endpoint, headers, version } = workerData as Collector
const resource = resourceFromAttributes({ 'service.name': 'signaalhub', 'service.version': version }).merge(
  detectResources({ detectors: [envDetector] })
)
const exporter = new OTLPTraceExporter({
  url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
  headers: { ...headers },
  timeoutMillis: longestSilence,
  concurrencyLimit: 1
})

parentPort!.on('message', async (spans: readonly Span[]) => {
  const late = sleep(longestExport, { isSent: false, code: 'ETIMEDOUT' }, { ref: false })
  parentPort!.postMessage(await Promise.race([send(spans), late]))
})

function send(spans: readonly Span[]): Promise<Outcome> {
  return new Promise((resolve) => {
    exporter.export(spans.map(toReadable), ({ code, error }) => {
      const isSent = code === 0
      const why = (error as { code?: unknown } | undefined)?.code
      resolve(typeof why === 'number' ? { isSent, status: why } : { isSent, code: String(why) })
    })
  })
}

function toReadable(span: Span): ReadableSpan {
  const { traceId, spanId, parentSpanId, name, kind, start, milliseconds, isError, attributes } = span
  const contextOf = (id: string): SpanContext => ({ traceId, spanId: id, traceFlags: 1 })
  return {
    name,
    kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
    spanContext: () => contextOf(spanId),
    ...(parentSpanId !== undefined && { parentSpanContext: { ...contextOf(parentSpanId), isRemote: true } }),
    startTime: timeOf(start),
    endTime: timeOf(start + milliseconds),
    duration: timeOf(milliseconds),
    status: { code: isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: { ...attributes },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'signaalhub', version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0
  }
}

function timeOf(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), Math.round((milliseconds % 1000) * 1e6)]
}

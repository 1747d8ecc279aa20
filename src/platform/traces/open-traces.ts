import { apiVersion } from '../http/headers.ts'
import { reportFailures } from '../jobs/report-failures.ts'
import type { Metrics } from '../metrics/open-metrics.ts'
import { openSpans, type Spans } from './open-spans.ts'

type Settings = {
  readonly otlpEndpoint?: string | undefined
  readonly otlpHeaders: readonly (readonly [name: string, value: string])[]
  readonly tracedShare: number
}

/** Opens the sending of spans to the collector of the settings; undefined when they name none. */
export function openTraces(
  { otlpEndpoint: endpoint, otlpHeaders, tracedShare }: Settings,
  { counts }: Metrics,
  logger: { warn(fields: object, message: string): void }
): Spans | undefined {
  if (endpoint === undefined) return undefined
  return openSpans({
    collector: { endpoint, headers: Object.fromEntries(otlpHeaders), version: apiVersion },
    share: tracedShare,
    failures: reportFailures(logger, 'sending traces'),
    count: (result, amount) => counts.spans({ result }, amount)
  })
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Counts, combinationsOf, counters } from './counters.ts'
import { keepFresh } from './keep-fresh.ts'

/** One value that is read when somebody asks for the metrics; those of one name share their help and label names. */
export type Reading = {
  readonly name: string
  readonly help: string
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** What runs again and again. Not `job` as a label: Prometheus has one of its own. */
export type Task = 'matching' | 'herleiding' | 'herindeling' | 'vernietiging'

/** An answered request: its route as a pattern, its status as a class such as `2xx`. */
export type AnsweredRequest = { readonly method: string; readonly route: string; readonly status: string }

/** The metrics of one hub. No name, tenant or id is a label, and each label has few values. */
export type Metrics = {
  readonly counts: Counts
  answered(request: AnsweredRequest, seconds: number): void
  /** Records that a task did its work. */
  succeeded(task: Task): void
  /** Adds what is read on request; it must never reject, nor take long. */
  observe(read: () => readonly Reading[] | Promise<readonly Reading[]>): void
  /** Adds memory, processor, event loop and garbage collection of this process. */
  watchProcess(): void
  /** All of it in the text format of Prometheus, made at most once a second. */
  text(): Promise<string>
}

/** The media type of that text. */
export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE

// Seconds. The aims are 25 ms for a page and 30 ms for a single post; a delivery takes minutes.
const buckets = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** Opens the metrics of a hub. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  const reads: Parameters<Metrics['observe']>[0][] = []
  const durations = new Histogram({
    name: 'signaalhub_http_request_duration_seconds',
    help: 'Duration of answered requests. unknown: there is no such route.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry]
  })
  const successes = new Gauge({
    name: 'signaalhub_task_last_success_timestamp_seconds',
    help: 'When a task of this instance last did its work.',
    labelNames: ['task'],
    registers: [registry]
  })
  return {
    counts: openCounts(registry),
    answered: (request, seconds) => durations.observe(request, seconds),
    succeeded: (task) => successes.setToCurrentTime({ task }),
    observe: (read) => void reads.push(read),
    watchProcess: () => {
      collectDefaultMetrics({ register: registry })
      // Anybody may ask, and a version tells which holes to try.
      registry.removeSingleMetric('nodejs_version_info')
    },
    text: keepFresh(1_000, async () => {
      const readings = (await Promise.all(reads.map((read) => read()))).flat()
      return `${await registry.metrics()}\n${await writeReadings(readings)}`
    })
  }
}

function openCounts(registry: Registry): Counts {
  const entries = Object.entries(counters).map(([key, { name, help, labels }]) => {
    const counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] })
    for (const known of combinationsOf(labels)) counter.inc(known, 0)
    return [key, (given: Record<string, string>, by = 1) => counter.inc(given, by)] as const
  })
  return Object.fromEntries(entries) as unknown as Counts
}

// A registry of their own each time: what could not be read now is left out, and not shown as it was before.
async function writeReadings(readings: readonly Reading[]): Promise<string> {
  const registry = new Registry()
  for (const [name, ofOne] of Map.groupBy(readings, ({ name }) => name)) {
    const { help, labels = {} } = ofOne[0]!
    const gauge = new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] })
    for (const { labels = {}, value } of ofOne) gauge.set(labels, value)
  }
  return registry.metrics()
}

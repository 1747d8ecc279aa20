import { listenForMetrics } from './listen-for-metrics.ts'
import type { Metrics } from './open-metrics.ts'

type Settings = {
  readonly metricsPort?: number | undefined
  readonly metricsHost: string
  readonly isProduction: boolean
}

type Logger = { info(fields: object, message: string): void; warn(message: string): void }

/**
 * Serves the metrics on a listener of their own, when the settings name one. Returns a function that closes it; throws an
 * Error that names the setting when it cannot listen.
 */
export async function serveMetrics(
  { metricsPort: port, metricsHost: host, isProduction }: Settings,
  metrics: Metrics,
  logger: Logger
): Promise<() => Promise<void>> {
  if (port === undefined) {
    if (isProduction) logger.warn('METRICS_PORT: not set, so whoever reaches the hub can read /metrics')
    return async () => {}
  }
  try {
    const { url, close } = await listenForMetrics({ host, port }, metrics)
    logger.info({ url }, 'metrics')
    return close
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(`METRICS_PORT: cannot listen on ${port} of METRICS_HOST (${code})`, { cause })
  }
}

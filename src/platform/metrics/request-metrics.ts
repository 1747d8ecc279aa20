import type { App } from '../http/typebox.ts'
import type { Metrics } from './open-metrics.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Measures each request by the pattern of its route, never its URL. */
export function addRequestMetrics(app: App, metrics: Metrics): void {
  app.addHook('onResponse', async ({ method, routeOptions, is404 }, { statusCode, elapsedTime }) => {
    // Whoever tries all methods on all paths must not make more series than there are operations.
    const isOperation = !is404 && statusCode !== 405
    metrics.answered(
      {
        method: methods.includes(method) ? method : 'other',
        route: (isOperation && routeOptions.url) || 'unknown',
        status: `${Math.trunc(statusCode / 100)}xx`
      },
      elapsedTime / 1000
    )
  })
}

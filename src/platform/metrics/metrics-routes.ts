import type { App } from '../http/typebox.ts'
import { type Metrics, metricsType } from './open-metrics.ts'

/** The route of the metrics, for Prometheus. Like /health it stands outside the document. */
export function metricsRoutes(app: App, metrics: Metrics): void {
  const produces = ['text/plain']
  app.get('/metrics', { config: { toegang: 'open', produces }, schema: { hide: true } }, async (_, reply) => {
    reply.type(metricsType).serializer(String)
    return metrics.text()
  })
}

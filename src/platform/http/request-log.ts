import type { App } from './typebox.ts'

/** Logs one line per request: method, route, client and status. Never the URL, a header or a body. */
export function addRequestLog(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        id: request.id,
        traceId: request.traceId,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        clientId: request.caller?.id
      },
      'request'
    )
  })
}

import type { Slug } from './problem-catalogue.ts'
import type { App } from './typebox.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the problem that was the answer. */
    slug: Slug | undefined
  }
}

/** Logs one line per request: method, route, client, status and problem. Never the URL, a header or a body. */
export function addRequestLog(app: App): void {
  app.decorateRequest('slug', undefined)
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        id: request.id,
        traceId: request.traceId,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        clientId: request.caller?.id,
        slug: request.slug
      },
      'request'
    )
  })
}

import type { Problem } from './problem.ts'
import { securityEventOf } from './security-event.ts'
import type { App } from './typebox.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The problem that was the answer. */
    problem: Problem | undefined
  }
}

/**
 * Logs one line per request: method, route, client, status and problem; and one before it where that is a security event, so
 * that these are a stream of their own. Never the URL, a header or a body.
 */
export function addRequestLog(app: App): void {
  app.decorateRequest('problem', undefined)
  app.addHook('onResponse', async (request, reply) => {
    const { problem } = request
    const clientId = request.caller?.id ?? problem?.clientId
    const event = problem && securityEventOf(problem)
    if (event !== undefined) {
      const { traceId, routeOptions } = request
      request.log.warn({ event, id: request.id, traceId, route: routeOptions.url, clientId }, 'security')
    }
    request.log.info(
      {
        id: request.id,
        traceId: request.traceId,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        clientId,
        slug: problem?.slug
      },
      'request'
    )
  })
}

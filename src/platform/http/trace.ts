import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { App } from './typebox.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace under which the request is logged: 32 hex digits. */
    traceId: string
  }
}

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Gives each request the trace of its caller (W3C `traceparent`), or one of its own, and names it in `traceresponse`. */
export function addTrace(app: App): void {
  app.decorateRequest('traceId', '')
  app.addHook('onRequest', async (request, reply) => {
    request.traceId = traceIdOf(request.headers)
    reply.header('traceresponse', `00-${request.traceId}-${randomBytes(8).toString('hex')}-00`)
  })
}

function traceIdOf(headers: FastifyRequest['headers']): string {
  const given = traceparent.exec(String(headers.traceparent ?? ''))?.[1]
  return given !== undefined && !/^0+$/.test(given) ? given : randomUUID().replaceAll('-', '')
}

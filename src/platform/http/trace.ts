import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { App } from './typebox.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace under which the request is logged: 32 hex digits. */
    traceId: string
    /** Which part of that trace the request is, and of which part of the caller it is a part: 16 hex digits. */
    spanId: string
    parentSpanId: string | undefined
  }
}

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/

/**
 * Gives each request the trace of its caller (W3C `traceparent`), or one of its own, and names it in `traceresponse`, which
 * also says whether the trace is recorded.
 */
export function addTrace(app: App, isRecorded: (traceId: string) => boolean = () => false): void {
  app.decorateRequest('traceId', '')
  app.decorateRequest('spanId', '')
  app.decorateRequest('parentSpanId', undefined)
  app.addHook('onRequest', async (request, reply) => {
    const [traceId, parentSpanId] = traceOf(request.headers)
    const spanId = randomBytes(8).toString('hex')
    Object.assign(request, { traceId, spanId, parentSpanId })
    reply.header('traceresponse', `00-${traceId}-${spanId}-${isRecorded(traceId) ? '01' : '00'}`)
  })
}

function traceOf({ traceparent: given }: FastifyRequest['headers']): [string, string | undefined] {
  const [, traceId = '', parentId = ''] = traceparent.exec(String(given ?? '')) ?? []
  if (/^0*$/.test(traceId)) return [randomUUID().replaceAll('-', ''), undefined]
  return [traceId, /^0+$/.test(parentId) ? undefined : parentId]
}

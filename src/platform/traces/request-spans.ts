import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Context } from '../database/open-database.ts'
import type { App } from '../http/typebox.ts'
import type { Spans } from './open-spans.ts'

type Parent = { readonly traceId: string; readonly spanId: string }

const current = new AsyncLocalStorage<Parent>()

/** Records each request as a span with the pattern of its route, never its URL, a header or who asked. */
export function addRequestSpans(app: App, spans: Spans): void {
  const enter = (request: Parent, done: () => void) =>
    spans.isRecorded(request.traceId)
      ? current.run({ traceId: request.traceId, spanId: request.spanId }, done)
      : done()
  app.addHook('onRequest', (request, _reply, done) => enter(request, done))
  // Reading a body goes on in the context of the connection.
  app.addHook('preValidation', (request, _reply, done) => enter(request, done))
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    const { traceId, spanId, parentSpanId, method, routeOptions, is404, problem } = request
    if (!spans.isRecorded(traceId)) return
    const route = is404 ? undefined : routeOptions.url
    spans.record({
      traceId,
      spanId,
      parentSpanId,
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      start: now() - elapsedTime,
      milliseconds: elapsedTime,
      isError: statusCode >= 500,
      attributes: {
        'http.request.method': method,
        'http.response.status_code': statusCode,
        ...(route !== undefined && { 'http.route': route }),
        ...(problem !== undefined && { 'signaalhub.probleem': problem.slug })
      }
    })
  })
}

/**
 * Records each transaction as a part of the request that asked for it: its duty, duration and end, never a statement. What
 * no request or several together asked for is part of none.
 */
export function watchTransactions(
  spans: Spans
): (context: Context) => ((isDone: boolean) => void) | undefined {
  return ({ duty, herkomsten }) => {
    const parent = current.getStore()
    if (parent === undefined || herkomsten !== undefined) return undefined
    const start = now()
    return (isDone) =>
      spans.record({
        traceId: parent.traceId,
        spanId: randomBytes(8).toString('hex'),
        parentSpanId: parent.spanId,
        name: `transaction ${duty}`,
        kind: 'client',
        start,
        milliseconds: now() - start,
        isError: false,
        attributes: {
          'db.system.name': 'postgresql',
          'signaalhub.duty': duty,
          'signaalhub.end': isDone ? 'commit' : 'rollback'
        }
      })
  }
}

// Of the machine, also with a trial clock: other machines put it beside their own.
function now(): number {
  return performance.timeOrigin + performance.now()
}

import { invalid, notFound, Problem } from './problem.ts'
import type { App } from './typebox.ts'

const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/**
 * Refuses requests that the router or the HTTP server would accept, or answer without a problem: a path under /v1 that
 * ends in a slash (its empty end would be taken for an id), and HTTP/1.1 without `Host` (RFC 9112 §3.2).
 */
export function refuseMalformedRequests(app: App): void {
  app.addHook('onRequest', async ({ url, headers, raw }) => {
    if (/^\/v1\/[^?]*\/(\?|$)/.test(url)) throw notFound()
    if (headers.host !== undefined || raw.httpVersion === '1.0') return
    const detail = 'De header Host ontbreekt.'
    throw invalid([{ in: 'header', location: 'host', code: 'required', detail }])
  })
  // An expectation that is not known may be passed over (RFC 9110 §10.1.1); Node would answer 417 without a problem.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
}

/**
 * Answers 405 with `Allow` for methods that a path does not have. Call it before the routes are added, and the function
 * that it returns after that.
 */
export function watchMethods(app: App): () => void {
  const methodsByUrl = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const name of [method].flat()) methods.add(name)
    methodsByUrl.set(url, methods)
  })
  return () => {
    for (const [url, present] of [...methodsByUrl]) refuseOthers(app, url, present)
  }
}

function refuseOthers(app: App, url: string, present: ReadonlySet<string>): void {
  const missing = known.filter((method) => !present.has(method))
  if (url.includes('*') || missing.length === 0) return
  const allow = [...present].sort().join(', ')
  app.route({
    method: missing,
    url,
    schema: { hide: true },
    config: { toegang: 'open' },
    handler: async () => {
      throw new Problem('methode-niet-toegestaan', { allow })
    }
  })
}

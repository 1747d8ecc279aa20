import { Problem } from './problem.ts'
import type { App } from './typebox.ts'

const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/**
 * Answers 405 with `Allow` for the methods that a path does not have. Call it before the routes; the returned
 * function adds what is missing once they all stand.
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
      throw new Problem('methode-niet-toegestaan', { headers: { allow } })
    }
  })
}

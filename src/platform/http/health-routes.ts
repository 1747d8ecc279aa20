import { later } from './problem.ts'
import type { App } from './typebox.ts'

/** Routes that say whether the process runs and whether it can serve. No details, because anyone may ask. */
export function healthRoutes(app: App, isReady: () => Promise<boolean>): void {
  const config = { toegang: 'open' as const }
  app.get(
    '/health/live',
    { config: { ...config, isAlwaysServed: true }, schema: { hide: true } },
    async () => ({ status: 'live' })
  )
  app.get('/health/ready', { config, schema: { hide: true } }, async () => {
    if (!(await isReady())) throw later(2)
    return { status: 'ready' }
  })
}

import type { App } from './typebox.ts'

/**
 * Puts the path of `publicUrl` before every `Location`. A proxy that serves the hub under a path takes it off what comes
 * in; what goes out must name the place where the client finds it.
 */
export function addOuterPath(app: App, publicUrl: string): void {
  const { pathname } = new URL(publicUrl)
  if (pathname === '/') return
  app.addHook('onSend', async (_request, reply) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string' && location.startsWith('/'))
      reply.header('location', pathname + location)
  })
}

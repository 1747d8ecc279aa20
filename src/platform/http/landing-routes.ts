import { apiVersion } from './headers.ts'
import type { App } from './typebox.ts'

/**
 * The route of the bare address: it leads a person to the documentation, and tells a machine where the rest is. Like
 * all that stands outside /v1 it is no operation of the API.
 */
export function landingRoutes(app: App, publicUrl: string): void {
  const produces = ['application/json', 'text/html']
  const links = {
    openapi: `${publicUrl}/v1/openapi.json`,
    documentatie: `${publicUrl}/docs`,
    toegang: `${publicUrl}/.well-known/oauth-authorization-server`,
    gezondheid: `${publicUrl}/health/ready`
  }
  app.get('/', { config: { toegang: 'open', produces }, schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'Accept')
    // Without a host, so that it also works for who came by another name than the public one.
    if (request.accepts().type(produces) === 'text/html') return reply.redirect('/docs')
    return { naam: 'signaalhub', versie: apiVersion, links }
  })
}

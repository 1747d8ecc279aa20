import swaggerUi from '@fastify/swagger-ui'
import type { App } from './typebox.ts'

/** The interactive documentation at /docs: all of it comes from this hub, so that it works offline. */
export function addDocs(app: App): void {
  app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, toegang: 'open', produces: ['*/*'] }
    })
    docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: {
        deepLinking: true,
        docExpansion: 'list',
        displayRequestDuration: true,
        tryItOutEnabled: true
      },
      theme: { title: 'signaalhub' },
      staticCSP: true
    })
  })
}

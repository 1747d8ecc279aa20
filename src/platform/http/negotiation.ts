import accepts from '@fastify/accepts'
import { Problem } from './problem.ts'
import type { App } from './typebox.ts'

const json = ['application/json', 'application/problem+json']

// Parameters of a media type, such as a charset, narrow nothing here: each type has one form. `q` weighs it.
const parameters = /;\s*(?!q=)[\w-]+=("[^"]*"|[^,;]*)/gi

/** Answers 406 when the caller accepts none of the media types of the route (RFC 9110 §12.5.1). */
export function addNegotiation(app: App): void {
  app.register(accepts)
  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw
    if (headers.accept !== undefined) headers.accept = headers.accept.replace(parameters, '')
    const offered = request.routeOptions.config.produces ?? json
    if (request.accepts().type([...offered]) === false) throw new Problem('niet-leverbaar')
  })
}

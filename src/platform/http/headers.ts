import type { App } from './typebox.ts'

/** The version of the API, as in `info.version` of the OpenAPI document and in the CHANGELOG. */
export const apiVersion = '1.0.0'

/** The headers of every answer (ADR /core/version-header, /core/transport/security-headers). */
export const standardHeaders: Readonly<Record<string, string>> = {
  'api-version': apiVersion,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()'
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Puts the standard headers on every answer and echoes a valid `Fsc-Transaction-Id`. */
export function addHeaders(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(standardHeaders)
    const transaction = request.headers['fsc-transaction-id']
    if (typeof transaction === 'string' && uuid.test(transaction))
      reply.header('fsc-transaction-id', transaction)
  })
}

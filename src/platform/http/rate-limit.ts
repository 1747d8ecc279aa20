import rateLimit from '@fastify/rate-limit'
import { Problem } from './problem.ts'
import type { App } from './typebox.ts'

/** Seconds over which requests from one address are counted. */
export const windowSeconds = 60
// Requests a minute from one address to the routes that are open to everyone and set no limit of their own: many clients
// may share an address.
const openPerMinute = 3_000

/** Route config that limits how often one address may call a route that is open to everyone. */
export function limitedTo(requestsPerMinute: number) {
  return { rateLimit: { max: requestsPerMinute, timeWindow: windowSeconds * 1000 } }
}

/**
 * The fields that say, of `most` requests in `window` seconds, how many are left until `reset` seconds from now, under the
 * name of the policy (IETF RateLimit).
 */
export function rateLimitFields(
  policy: string,
  most: number,
  window: number,
  left: number,
  reset: number
): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${most};w=${window}`,
    ratelimit: `"${policy}";r=${left};t=${reset}`
  }
}

/** Limits the routes that anyone may call, per instance and address, and says how much is left (IETF RateLimit fields). */
export function addRateLimit(app: App): void {
  app.addHook('onRoute', (route) => {
    const { config } = route
    if (config?.toegang !== 'open' || config.isAlwaysServed || 'rateLimit' in config) return
    route.config = { ...config, ...limitedTo(openPerMinute) }
  })
  app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('te-veel-verzoeken', { retryAfter: Math.ceil(ttl / 1000) })
  })
  // The library sends separate headers, `x-ratelimit-*` or with `enableDraftSpec` those of an older IETF draft. The
  // current draft has two structured fields, made here.
  app.addHook('onSend', async (_request, reply) => {
    const limit = reply.getHeader('x-ratelimit-limit')
    if (limit === undefined) return
    const [left, reset] = [reply.getHeader('x-ratelimit-remaining'), reply.getHeader('x-ratelimit-reset')]
    reply.headers(rateLimitFields('adres', Number(limit), windowSeconds, Number(left), Number(reset)))
    for (const name of ['limit', 'remaining', 'reset']) reply.removeHeader(`x-ratelimit-${name}`)
  })
}

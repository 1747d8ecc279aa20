import rateLimit from '@fastify/rate-limit'
import { Problem } from './problem.ts'
import type { App } from './typebox.ts'

/** Seconds over which requests are counted. */
export const windowSeconds = 60

/** Route config that limits how often one address may call a route that is open to everyone. */
export function limitedTo(requestsPerMinute: number) {
  return { rateLimit: { max: requestsPerMinute, timeWindow: windowSeconds * 1000 } }
}

/** The fields that say how many requests are left until `reset` seconds from now (IETF RateLimit). */
export function rateLimitFields(most: number, left: number, reset: number): Record<string, string> {
  return {
    'ratelimit-policy': `"default";q=${most};w=${windowSeconds}`,
    ratelimit: `"default";r=${left};t=${reset}`
  }
}

/** Limits the routes that ask for it, per instance and address, and says how much is left (IETF RateLimit fields). */
export function addRateLimit(app: App): void {
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
    reply.headers(rateLimitFields(Number(limit), Number(left), Number(reset)))
    for (const name of ['limit', 'remaining', 'reset']) reply.removeHeader(`x-ratelimit-${name}`)
  })
}

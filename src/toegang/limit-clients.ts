import type { FastifyReply } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../platform/http/problem.ts'
import { rateLimitFields } from '../platform/http/rate-limit.ts'

/** What is counted apart: signals that come in one by one, and all other requests. */
export type Verzoeksoort = 'aanleveren' | 'verzoeken'

/** How many requests of each kind a client may do in `clientWindow` seconds; 0 = as many as it likes. */
export type ClientLimits = Readonly<Record<Verzoeksoort, number>>

/** Seconds over which the requests of a client are counted. */
export const clientWindow = 10

/** Counts a request of a client, per instance, and says in the answer how many are left; throws te-veel-verzoeken. */
export type RequireFewRequests = (clientId: string, soort: Verzoeksoort, reply: FastifyReply) => Promise<void>

/** Opens the count of requests. A client that asks too much keeps nobody waiting but itself. */
export function limitClients(limits: ClientLimits): RequireFewRequests {
  const limiters = new Map(
    Object.entries(limits)
      .filter(([, most]) => most > 0)
      .map(([soort, points]) => [soort, new RateLimiterMemory({ points, duration: clientWindow })])
  )
  return async (clientId, soort, reply) => {
    const limiter = limiters.get(soort)
    if (limiter === undefined) return
    const counted = await limiter.consume(clientId).catch(tooMany)
    const reset = Math.ceil(counted.msBeforeNext / 1_000)
    reply.headers(rateLimitFields(soort, limiter.points, clientWindow, counted.remainingPoints, reset))
    if (counted.consumedPoints > limiter.points) throw new Problem('te-veel-verzoeken', { retryAfter: reset })
  }
}

// The library rejects with the count when it is over.
function tooMany(cause: unknown): RateLimiterRes {
  if (cause instanceof RateLimiterRes) return cause
  throw cause
}

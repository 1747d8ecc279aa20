import type { FastifyReply } from 'fastify'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../platform/http/problem.ts'
import { rateLimitFields, windowSeconds } from '../platform/http/rate-limit.ts'

/** From where, and as which client, somebody asks for a token. */
export type Login = { readonly address: string; readonly clientId: string }

/** Limits the failed logins, per instance. */
export type FailedLogins = {
  /** Throws te-veel-verzoeken while this client, at this address, or the address as a whole has failed too often. */
  requireFew(login: Login, reply: FastifyReply): Promise<void>
  /** Counts a failure, and says in the answer how many are left (IETF RateLimit fields). */
  count(login: Login, reply: FastifyReply): Promise<void>
}

// A secret of 256 bits cannot be guessed anyway; this keeps a runaway loop from hurting others.
const perClient = 30
const perAddress = 600

/**
 * Opens the count of failed logins. Many clients may share one address, that of a gateway: a client that fails locks out
 * itself there and nobody else, and what succeeds counts nowhere. Only failures under very many names lock out an address.
 */
export function limitFailedLogins(): FailedLogins {
  const clients = new RateLimiterMemory({ points: perClient, duration: windowSeconds })
  const addresses = new RateLimiterMemory({ points: perAddress, duration: windowSeconds })
  const clientOf = ({ address, clientId }: Login) => `${address}|${clientId}`
  return {
    requireFew: async (login, reply) => {
      for (const [limiter, key, most] of [
        [clients, clientOf(login), perClient],
        [addresses, login.address, perAddress]
      ] as const) {
        const found = await limiter.get(key)
        if (found === null || found.consumedPoints < most) continue
        showLeft(reply, most, found)
        throw new Problem('te-veel-verzoeken', {
          retryAfter: Math.ceil(found.msBeforeNext / 1000),
          event: 'login-blocked'
        })
      }
    },
    count: async (login, reply) => {
      await addresses.penalty(login.address, 1)
      showLeft(reply, perClient, await clients.penalty(clientOf(login), 1))
    }
  }
}

function showLeft(reply: FastifyReply, most: number, { consumedPoints, msBeforeNext }: RateLimiterRes): void {
  const left = Math.max(0, most - consumedPoints)
  reply.headers(rateLimitFields('aanmelden', most, windowSeconds, left, Math.ceil(msBeforeNext / 1000)))
}

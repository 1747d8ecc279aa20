import { Problem } from '../platform/http/problem.ts'

/** Seconds an access token of the hub is valid: fifteen minutes at most (contract §2). */
export const tokenLifetime = 900

/** Seconds since a token was issued after which it is refused, whatever it says itself. */
export const maxTokenAge = 6 * 3600

/** Seconds by which the clocks of issuers may differ. */
export const clockLeeway = 60

export const requiredClaims = ['iss', 'aud', 'exp', 'iat', 'jti']

/** What an access token says. */
export type Claims = {
  iss: string
  client_id?: string
  azp?: string
  scope?: string
  iat: number
  exp: number
  jti: string
}

/** The answer to an absent or bad token: 401 with how to log in (RFC 6750). */
export function unauthenticated(detail: string, isTokenPresent = true, cause?: unknown): Problem {
  const challenge = isTokenPresent ? 'Bearer error="invalid_token"' : 'Bearer'
  return new Problem('niet-ingelogd', { detail, challenge, cause })
}

import { Problem } from '../platform/http/problem.ts'

/** Lifetime of the hub's own access tokens, in seconds. */
export const tokenLifetime = 900

/** Maximum age of any token in seconds, whatever the token itself says. */
export const maxTokenAge = 6 * 3600

/** Seconds by which the clock of an issuer may differ. */
export const clockLeeway = 60

/** True for a text that may be the id of a client: printable ASCII. */
export function isClientId(text: string): boolean {
  return /^[\x20-\x7E]{1,200}$/.test(text)
}

/** The claims without which a token is refused. */
export const requiredClaims = ['iss', 'aud', 'exp', 'iat', 'jti']

/** The claims of an access token. */
export type Claims = {
  iss: string
  client_id?: unknown
  azp?: unknown
  /** Words apart by spaces; some issuers send a list. */
  scope?: unknown
  iat: number
  exp: number
  jti: string
}

/** The problem for an absent or bad token: 401 with a challenge (RFC 6750). */
export function unauthenticated(detail: string, isTokenPresent = true, cause?: unknown): Problem {
  const challenge = isTokenPresent ? 'Bearer error="invalid_token"' : 'Bearer'
  return new Problem('niet-ingelogd', { detail, challenge, cause })
}

/** The problem for a good token whose client may not use it; the log names the client, when its id is one of ours. */
export function clientRefused(detail: string, clientId: string): Problem {
  const isOurs = /^[0-9a-f-]{36}$/.test(clientId)
  return new Problem('niet-ingelogd', {
    detail,
    challenge: 'Bearer error="invalid_token"',
    event: 'client-refused',
    ...(isOurs && { clientId })
  })
}

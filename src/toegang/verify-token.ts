import type { FastifyRequest } from 'fastify'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { Problem } from '../platform/http/problem.ts'
import { type ExternalIssuer, externalVerifier } from './external-tokens.ts'
import { type Claims, clockLeeway, unauthenticated } from './token-rules.ts'
import { openVerifiedTokens } from './verified-tokens.ts'

/**
 * Verifies the token of a request and returns its claims. Throws niet-ingelogd, or tijdelijk-niet-beschikbaar when the
 * keys of an issuer cannot be fetched.
 */
export type Verify = (request: FastifyRequest) => Promise<Claims>

type VerifyOptions = {
  readonly keys: () => KeyRing
  readonly publicUrl: string
  readonly externalIssuers: readonly ExternalIssuer[]
}

/**
 * Verifies tokens and caches the hub's own: verifying a signature costs more than the rest of a request, and a
 * partner's token comes a thousand times. Tokens of other issuers are verified each time, because those issuers may
 * withdraw a key.
 */
export function tokenVerifier({ keys, publicUrl, externalIssuers }: VerifyOptions): Verify {
  const verified = openVerifiedTokens<Claims>()
  const verifyExternal = externalVerifier(publicUrl, externalIssuers)
  return async (request) => {
    const { authorization = '' } = request.headers
    const counts = (kid: string) => keys().verifier('ondertekening-token', kid) !== undefined
    const known = verified.find(authorization, counts, Date.now())
    if (known !== undefined) return known
    const external = await asUnauthenticated(() => verifyExternal(authorization))
    if (external !== undefined) return external
    const claims = await asUnauthenticated(() => request.jwtVerify<Claims>())
    verified.keep(authorization, kidOf(authorization), claims)
    return claims
  }
}

// Of a token that was verified, so it names the key that signed it.
function kidOf(authorization: string): string {
  const header = authorization.split(/\s+/)[1]!.split('.')[0]!
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid
}

// The libraries answer some bad tokens with 500 or 400; here every bad token is a 401.
async function asUnauthenticated<Verified extends Claims | undefined>(
  verify: () => Promise<Verified>
): Promise<Verified> {
  try {
    const claims = await verify()
    if (claims !== undefined && claims.iat > Date.now() / 1000 + clockLeeway)
      throw unauthenticated('Het token is in de toekomst uitgegeven.')
    return claims
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw unauthenticated('Het token is ongeldig of verlopen; vraag een nieuw aan.', true, cause)
  }
}

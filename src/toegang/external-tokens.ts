import { decodeJwt, errors, type JWTVerifyGetKey } from 'jose'
import { later } from '../platform/http/problem.ts'
import { openIssuerKeys } from './issuer-keys.ts'
import { type Claims, clockLeeway, maxTokenAge, requiredClaims } from './token-rules.ts'
import { verifyWithAny } from './verify-with-any.ts'

/** An external issuer of tokens that the hub accepts. */
export type ExternalIssuer = { readonly issuer: string; readonly jwksUrl: string }

/**
 * Makes a verifier for tokens of these issuers, by the keys that they publish. It returns undefined for a token of any
 * other issuer. Throws tijdelijk-niet-beschikbaar when an issuer's keys cannot be fetched.
 */
export function externalVerifier(audience: string, issuers: readonly ExternalIssuer[]) {
  const remote = new Map(issuers.map(({ issuer, jwksUrl }) => [issuer, openIssuerKeys(jwksUrl)]))
  return async (authorization: string): Promise<Claims | undefined> => {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
    const issuer = token === undefined ? undefined : issuerOf(token)
    const findKey = issuer === undefined ? undefined : remote.get(issuer)
    if (token === undefined || issuer === undefined || findKey === undefined) return undefined
    const key: JWTVerifyGetKey = async (...asked) => {
      try {
        return await findKey(...asked)
      } catch (cause) {
        return unreachable(cause)
      }
    }
    return verifyWithAny<Claims>(token, key, {
      issuer,
      audience,
      algorithms: ['ES256', 'PS256', 'RS256'],
      requiredClaims,
      clockTolerance: clockLeeway,
      maxTokenAge
    })
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function isAboutToken(cause: unknown): boolean {
  return [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported].some(
    (kind) => cause instanceof kind
  )
}

// A token signed with an unknown key is bad. An issuer that does not answer is not the caller's fault.
function unreachable(cause: unknown): never {
  if (isAboutToken(cause)) throw cause
  throw later(30, 'De sleutels van de uitgever van het token zijn nu niet op te halen.', cause)
}

import { hash } from 'node:crypto'

const maxTokens = 2_000

/**
 * Caches the claims of verified tokens, under a hash of the whole Authorization header. An entry is ignored once the
 * token has expired or its key counts no longer; `now` is in milliseconds.
 */
export function openVerifiedTokens<Claims extends { readonly exp: number }>() {
  const known = new Map<string, { kid: string; claims: Claims }>()
  const nameOf = (authorization: string) => hash('sha256', authorization, 'base64')
  return {
    find: (authorization: string, counts: (kid: string) => boolean, now: number): Claims | undefined => {
      const found = known.get(nameOf(authorization))
      return found !== undefined && now < found.claims.exp * 1000 && counts(found.kid)
        ? found.claims
        : undefined
    },
    keep: (authorization: string, kid: string, claims: Claims): void => {
      if (known.size >= maxTokens) known.delete(known.keys().next().value!)
      known.set(nameOf(authorization), { kid, claims })
    }
  }
}

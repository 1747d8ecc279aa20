import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'

// Milliseconds: after the first the keys are fetched anew, so a key that its issuer withdrew works no longer; after the
// second they are not trusted any more, however long the issuer is away.
const freshFor = 600_000
const trustedFor = 24 * 3_600_000
// Milliseconds between two attempts to fetch them.
const betweenAttempts = 30_000

/**
 * The public keys of an issuer, by the token to verify. While they cannot be fetched the known ones count, for a day at
 * most; rejects when there are none. `now` is in milliseconds.
 */
export function openIssuerKeys(jwksUrl: string, now: () => number = Date.now): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: betweenAttempts,
    timeoutDuration: 3_000,
    cacheMaxAge: Number.POSITIVE_INFINITY
  })
  let fetchedAt: number | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  const refresh = async () => {
    triedAt = now()
    await remote.reload()
    fetchedAt = triedAt
  }
  const ageAt = (time: number) => (fetchedAt === undefined ? Number.POSITIVE_INFINITY : time - fetchedAt)
  return async (...asked) => {
    const time = now()
    if (ageAt(time) > trustedFor) await refresh()
    else if (ageAt(time) > freshFor && time - triedAt >= betweenAttempts)
      await refresh().catch(() => undefined)
    return remote(...asked)
  }
}

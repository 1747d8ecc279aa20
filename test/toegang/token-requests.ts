import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Test } from 'tap'
import type { Answer, TestHub } from '../helpers/test-hub.ts'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const publicUrl = 'http://hub.test'

/** Requests a token with this form and these headers. */
export function askToken(
  hub: Pick<TestHub, 'app'>,
  form: Record<string, string> | string,
  headers: Record<string, string> = {}
): Promise<Answer> {
  const payload = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return hub.app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload
  })
}

/** Checks that an answer is an error as RFC 6749 §5.2 has it, and nothing besides. */
export function refusedWith(t: Test, answer: Answer, status: number, error: string, name = error): void {
  const { statusCode, headers } = answer
  t.equal(statusCode, status, `${name}: ${answer.body}`)
  t.match(
    headers,
    { 'content-type': /^application\/json/, 'cache-control': 'no-store', pragma: 'no-cache' },
    name
  )
  t.match(headers['www-authenticate'] ?? '', status === 401 ? /^Basic realm="[^"]+"/ : /^$/, name)
  const { error_description, ...rest } = answer.json()
  t.same(rest, { error }, name)
  t.match(error_description, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/, name)
}

export function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

export type SigningKey = { alg: string; privateKey: CryptoKey; jwk: JWK }

export async function signingKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } as JWK }
}

/** A valid client assertion with these claims changed. `undefined` leaves a claim out. */
export function assertion(
  key: SigningKey,
  clientId: string,
  changed: { [claim: string]: unknown } = {}
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${publicUrl}/oauth/token`,
    iat: now,
    exp: now + 60,
    jti: crypto.randomUUID(),
    ...changed
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, ...(key.jwk.kid && { kid: key.jwk.kid }) })
    .sign(key.privateKey)
}

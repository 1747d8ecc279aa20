import { createHmac } from 'node:crypto'
import { type JWTHeaderParameters, SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'
import { publicUrl, signingKey } from './token-requests.ts'

const hub = await openTestHub(t)
const { clientId, token } = hub.beheer
const own = hub.keys.signer('ondertekening-token')
const proof = hub.keys.signer('ondertekening-bewijs')
const now = Math.floor(Date.now() / 1000)
const right = {
  iss: publicUrl,
  sub: clientId,
  aud: publicUrl,
  azp: clientId,
  client_id: clientId,
  scope: 'beheer',
  iat: now,
  exp: now + 900,
  jti: crypto.randomUUID()
}
const header = { alg: 'ES256', typ: 'at+jwt', kid: own.kid }

t.test(
  'a token that is right in every way opens the hub: what follows differs in one thing only',
  async (t) => {
    t.equal((await ask(await signed())).statusCode, 200)
    t.equal((await ask(await signed({ nbf: now - 10 }))).statusCode, 200)
    t.equal((await ask(await signed({ aud: ['https://elders.example', publicUrl] }))).statusCode, 200)
  }
)

t.test('without a token: 401 with a bare challenge (RFC 6750 §3)', async (t) => {
  const answer = await hub.call({ method: 'GET', url: '/v1/clients' })
  t.match(answer, { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
  t.equal(answer.json().type, '/v1/problemen/niet-ingelogd')
})

t.test('a token in the query is no token (NL GOV profile)', async (t) => {
  const url = `/v1/clients?access_token=${token}`
  const answer = await hub.call({ method: 'GET', url })
  t.match(answer, { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } })
  t.notMatch(hub.logLines.join(), token.split('.')[2]!)
})

t.test('a header that holds no bearer token is 401 invalid_token', async (t) => {
  const headers = [
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Bearer a.b.c',
    'bearer',
    `Basic ${token}`,
    token,
    'Bearer null'
  ]
  for (const authorization of [...headers, `Bearer ${token} ${token}`, `Bearer ${token}.${token}`]) {
    refuses(t, await askWith(authorization), authorization.slice(0, 20))
  }
})

t.test('a token with a claim that is wrong or missing is 401 invalid_token', async (t) => {
  const wrong: Record<string, object> = {
    'another issuer': { iss: 'https://elders.example' },
    'an issuer that starts like ours': { iss: `${publicUrl}.elders.example` },
    'no issuer': { iss: undefined },
    'another audience': { aud: 'https://elders.example' },
    'an audience that contains ours': { aud: `${publicUrl}/v1` },
    'no audience': { aud: undefined },
    'no exp': { exp: undefined },
    'no iat': { iat: undefined },
    'no jti': { jti: undefined },
    'no client': { client_id: undefined, azp: undefined },
    'a client that is none': { client_id: crypto.randomUUID() },
    'a client that is no text': { client_id: { clientId } },
    'expired two minutes ago': { iat: now - 1000, exp: now - 120 },
    'issued in the future': { iat: now + 120, exp: now + 900 },
    'not valid yet': { nbf: now + 120 },
    'older than six hours, whatever its exp': { iat: now - 7 * 3600, exp: now + 900 },
    'exp that is no number': { exp: String(now + 900) }
  }
  for (const [name, changed] of Object.entries(wrong)) refuses(t, await ask(await signed(changed)), name)
})

t.test('the tenant is the client’s row, never a claim', async (t) => {
  const answer = await ask(await signed({ rol: 'gemeente', gemeentecodes: ['0177'], scopes: ['x'] }))
  t.equal(answer.statusCode, 200, 'still the operator')
})

t.test('a token signed by anything but our token key is 401 invalid_token', async (t) => {
  const stranger = await signingKey('ES256', own.kid)
  const rsa = await signingKey('RS256', own.kid)
  const by = (key: unknown, changed: object = {}) => sign(right, { ...header, ...changed }, key)
  const [head, body, signature] = token.split('.') as [string, string, string]
  const wrong = {
    'another key under our kid': await by(stranger.privateKey),
    'another algorithm under our kid': await by(rsa.privateKey, { alg: 'RS256' }),
    'our proof key under its kid': await by(proof.privateKey, { kid: proof.kid }),
    'our proof key under the token kid': await by(proof.privateKey),
    'an unknown kid': await by(own.privateKey, { kid: 'onbekend' }),
    'no kid': await by(own.privateKey, { kid: undefined }),
    'a key that the header brings': await by(stranger.privateKey, { jwk: stranger.jwk }),
    'a changed payload': `${head}.${encode({ ...right, scope: 'beheer alles' })}.${signature}`,
    'a changed signature': `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    'no signature': `${head}.${body}.`,
    'alg none': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'alg NONE with a signature': `${encode({ ...header, alg: 'NONE' })}.${body}.${signature}`
  }
  for (const [name, given] of Object.entries(wrong)) refuses(t, await ask(given), name)
})

t.test('a token that was accepted before does not help a token that differs from it', async (t) => {
  const given = await signed()
  const [head, body, signature] = given.split('.') as [string, string, string]
  for (const attempt of [1, 2]) {
    t.equal((await ask(given)).statusCode, 200, `attempt ${attempt}`)
    refuses(t, await ask(`${head}.${body}.${signature.slice(0, -4)}AAAA`), 'a changed signature')
    refuses(t, await ask(`${head}.${encode({ ...right, jti: 'x' })}.${signature}`), 'a changed payload')
    refuses(t, await ask(given.slice(0, -1)), 'a shorter one')
  }
})

t.test('HS256 with our public key as its secret is 401, in every form of that key', async (t) => {
  const body = `${encode({ ...header, alg: 'HS256' })}.${encode(right)}`
  const forms = [
    own.publicKey.export({ type: 'spki', format: 'pem' }),
    String(own.publicKey.export({ type: 'spki', format: 'pem' })).trim(),
    own.publicKey.export({ type: 'spki', format: 'der' }),
    JSON.stringify(own.publicKey.export({ format: 'jwk' })),
    ''
  ]
  for (const form of forms) {
    const mac = createHmac('sha256', form).update(body).digest('base64url')
    refuses(t, await ask(`${body}.${mac}`), 'HS256')
  }
})

t.test('a token of more than 8 KiB is 401, before anything is read of it', async (t) => {
  refuses(t, await ask(await signed({ opvulling: 'x'.repeat(8192) })), 'long')
})

t.test('the caller is authenticated before the body is read', async (t) => {
  const payload = '{"naam": '
  const headers = { 'content-type': 'application/json' }
  const answer = await hub.call({ method: 'POST', url: '/v1/gemeenten', headers, payload })
  t.equal(answer.statusCode, 401)
})

t.test('every refusal reads the same for a token that is forged and one that is old', async (t) => {
  const forged = (await ask('a.b.c')).json()
  const old = (await ask(await signed({ iat: now - 1000, exp: now - 500 }))).json()
  t.same({ ...forged, instance: '' }, { ...old, instance: '' })
})

function ask(given: string) {
  return askWith(`Bearer ${given}`)
}

function askWith(authorization: string) {
  return hub.call({ method: 'GET', url: '/v1/clients', headers: { authorization } })
}

function refuses(t: Test, { statusCode, headers, body }: Answer, name: string): void {
  t.equal(statusCode, 401, name)
  t.equal(headers['www-authenticate'], 'Bearer error="invalid_token"', name)
  t.notMatch(body, /FAST_JWT|FST_|jose|eyJ/i, name)
}

function signed(changed: object = {}): Promise<string> {
  return sign({ ...right, ...changed }, header, own.privateKey)
}

function sign(claims: object, header: object, key: unknown): Promise<string> {
  const given = JSON.parse(JSON.stringify(header)) as JWTHeaderParameters
  return new SignJWT({ ...claims }).setProtectedHeader(given).sign(key as never)
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

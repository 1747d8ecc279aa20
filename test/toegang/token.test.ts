import { createLocalJWKSet, jwtVerify } from 'jose'
import t from 'tap'
import { openTestHub } from '../helpers/test-hub.ts'
import { askToken, basic, publicUrl, refusedWith } from './token-requests.ts'

const hub = await openTestHub(t)
const partner = await hub.signaalpartner(['huur'], [])
const grant = { grant_type: 'client_credentials' }
const { clientId, clientSecret } = partner
const post = { ...grant, client_id: clientId, client_secret: clientSecret }

t.test('a secret in the header or in the body is a token; the answer is that of RFC 6749', async (t) => {
  for (const answer of [
    await askToken(hub, post),
    await askToken(hub, grant, { authorization: basic(clientId, clientSecret) }),
    await askToken(hub, { ...grant, client_id: clientId }, { authorization: basic(clientId, clientSecret) })
  ]) {
    t.equal(answer.statusCode, 200, answer.body)
    t.match(answer.headers, {
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': /^application\/json/
    })
    const { access_token, ...rest } = answer.json()
    t.type(access_token, 'string')
    t.same(rest, {
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'vroegsignalen:aanleveren vroegsignalen:lezen terugkoppelingen:lezen overeenkomsten:ondertekenen'
    })
  }
})

t.test(
  'a token says what the contract says, signed with a key of the JWKS, for fifteen minutes',
  async (t) => {
    const { access_token } = (await askToken(hub, post)).json()
    const jwks = (await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json()
    const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks))
    t.match(protectedHeader, { alg: 'ES256', typ: 'at+jwt', kid: String })
    const { iat, exp, jti, ...claims } = payload
    t.same(claims, {
      iss: publicUrl,
      sub: clientId,
      aud: publicUrl,
      azp: clientId,
      client_id: clientId,
      scope: 'vroegsignalen:aanleveren vroegsignalen:lezen terugkoppelingen:lezen overeenkomsten:ondertekenen'
    })
    t.ok(exp! - iat! <= 900)
    t.ok(Math.abs(iat! - Date.now() / 1000) < 5)
    const again = (await askToken(hub, post)).json().access_token
    t.not(JSON.parse(Buffer.from(again.split('.')[1], 'base64url').toString()).jti, jti, 'a jti of its own')
    t.equal((await hub.app.inject(authorized(access_token))).statusCode, 200)
  }
)

t.test('the metadata lead to the token endpoint and to public keys only', async (t) => {
  const metadata = (await hub.call({ method: 'GET', url: '/.well-known/oauth-authorization-server' })).json()
  t.match(metadata, {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256']
  })
  t.ok(metadata.scopes_supported.includes('vroegsignalen:aanleveren'))
  const { keys } = (await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json()
  t.ok(keys.length > 0)
  for (const key of keys) {
    t.match(key, { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: String })
    t.equal('d' in key, false, 'no private part')
  }
})

t.test('a token holds the scopes that were asked for, and no others', async (t) => {
  const asked = await askToken(hub, { ...post, scope: 'vroegsignalen:lezen vroegsignalen:lezen' })
  t.equal(asked.json().scope, 'vroegsignalen:lezen')
  const refused = await hub.app.inject({
    ...authorized(asked.json().access_token),
    method: 'POST',
    url: '/v1/proefbeoordelingen',
    payload: {}
  })
  t.equal(refused.statusCode, 403)
  t.equal(
    refused.headers['www-authenticate'],
    'Bearer error="insufficient_scope", scope="vroegsignalen:aanleveren"'
  )
  for (const scope of ['beheer', 'vroegsignalen:lezen huishoudens:lezen', 'bestaat:niet']) {
    refusedWith(t, await askToken(hub, { ...post, scope }), 400, 'invalid_scope')
  }
})

t.test(
  'wrong credentials are invalid_client, 401 for who used the header, and the answer never says why',
  async (t) => {
    const unknown = crypto.randomUUID()
    const inBody = [
      await askToken(hub, { ...post, client_secret: `${clientSecret}x` }),
      await askToken(hub, { ...post, client_id: unknown }),
      await askToken(hub, { ...post, client_id: '' }),
      await askToken(hub, { ...post, client_id: hub.beheer.clientId })
    ]
    const inHeader = [
      await askToken(hub, grant, { authorization: basic(clientId, 'fout') }),
      await askToken(hub, grant, { authorization: basic(clientId, '') }),
      await askToken(hub, grant, { authorization: basic(unknown, clientSecret) })
    ]
    for (const answer of inBody) refusedWith(t, answer, 400, 'invalid_client')
    for (const answer of inHeader) refusedWith(t, answer, 401, 'invalid_client')
    t.equal(new Set([...inBody, ...inHeader].map((answer) => answer.body)).size, 1)
  }
)

t.test('a request without proof, or with a broken one, is refused', async (t) => {
  refusedWith(t, await askToken(hub, grant), 400, 'invalid_client')
  refusedWith(t, await askToken(hub, { ...grant, client_id: clientId }), 400, 'invalid_client')
  refusedWith(t, await askToken(hub, { ...post, client_secret: '' }), 400, 'invalid_client')
  for (const authorization of ['Basic', 'Basic !!!', 'Basic YQ==', `Bearer ${partner.token}`, 'Digest x']) {
    refusedWith(t, await askToken(hub, grant, { authorization }), 401, 'invalid_client')
  }
})

t.test('two proofs at once are an invalid_request (RFC 6749 §5.2), even when both are right', async (t) => {
  const authorization = basic(clientId, clientSecret)
  refusedWith(t, await askToken(hub, post, { authorization }), 400, 'invalid_request')
  refusedWith(t, await askToken(hub, { ...post, client_assertion: 'x.y.z' }), 400, 'invalid_request')
})

t.test('only client_credentials is granted', async (t) => {
  for (const grant_type of ['password', 'authorization_code', 'refresh_token', 'CLIENT_CREDENTIALS']) {
    refusedWith(t, await askToken(hub, { ...post, grant_type }), 400, 'unsupported_grant_type')
  }
  const { grant_type: _, ...without } = post
  for (const form of [without, { ...post, grant_type: '' }, '']) {
    refusedWith(t, await askToken(hub, form), 400, 'invalid_request')
  }
})

t.test('a parameter that comes twice, or holds what no secret can, is an invalid_request', async (t) => {
  const form = new URLSearchParams(post)
  form.append('scope', 'vroegsignalen:lezen')
  form.append('scope', 'vroegsignalen:aanleveren')
  refusedWith(t, await askToken(hub, form.toString()), 400, 'invalid_request')
  for (const value of ['geheim\0', 'gehéim', 'x'.repeat(8193)]) {
    refusedWith(t, await askToken(hub, { ...post, client_secret: value }), 400, 'invalid_request')
  }
})

t.test(
  'what the endpoint does not know is passed over, and what is empty is left out (RFC 6749 §3.2)',
  async (t) => {
    const form = new URLSearchParams({ ...post, scope: '', client_assertion: '', audience: 'Dordrecht één' })
    for (const resource of ['https://a.example', 'https://b.example']) form.append('resource', resource)
    t.equal((await askToken(hub, form.toString())).statusCode, 200)
  }
)

t.test('credentials are taken from a form body only, never from the address or JSON', async (t) => {
  const query = await hub.app.inject({ method: 'POST', url: `/oauth/token?${new URLSearchParams(post)}` })
  refusedWith(t, query, 400, 'invalid_request')
  const json = await askToken(hub, JSON.stringify(post), { 'content-type': 'application/json' })
  refusedWith(t, json, 415, 'invalid_request')
})

t.test('a refusal never echoes a secret, and the log keeps none', (t) => {
  t.notMatch(hub.logLines.join(), new RegExp(`${clientSecret}|${partner.token.split('.')[2]}`))
  t.end()
})

function authorized(token: string) {
  return { method: 'GET' as const, url: '/v1/signaalpartners', headers: { authorization: `Bearer ${token}` } }
}

t.test('a flood of wrong secrets keeps nobody with a right one waiting', async (t) => {
  const wrong = new URLSearchParams({ ...post, client_secret: 'wrong' }).toString()
  const flood = Array.from({ length: 1_000 }, (_, n) =>
    hub.app.inject({
      method: 'POST',
      url: '/oauth/token',
      remoteAddress: `192.0.2.${n % 250}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: wrong
    })
  )
  const right = await Promise.all([askToken(hub, post), partner.get('/v1/vroegsignalen')])
  t.same(
    right.map(({ statusCode }) => statusCode),
    [200, 200]
  )
  const refused = await Promise.all(flood)
  t.same(new Set(refused.map(({ statusCode }) => statusCode)), new Set([400]))
})

import t from 'tap'
import { openTestHub } from '../helpers/test-hub.ts'
import {
  askToken,
  assertion,
  assertionType,
  publicUrl,
  refusedWith,
  type SigningKey,
  signingKey
} from './token-requests.ts'

const grant = { grant_type: 'client_credentials' }
const hub = await openTestHub(t)
const { id: signaalpartnerId } = await hub.signaalpartner(['huur'], [])
const keys = await Promise.all(['ES256', 'RS256', 'PS256'].map((alg) => signingKey(alg, `sleutel-${alg}`)))
const [es256] = keys as [SigningKey]
const added = await hub.beheer.post('/v1/clients', {
  naam: 'Debiteurensysteem',
  rol: 'signaalpartner',
  signaalpartnerId,
  scopes: ['vroegsignalen:lezen'],
  jwks: { keys: keys.map(({ jwk }) => jwk) }
})
const { id, clientId } = added.json()

t.test('a client with keys of its own gets no secret', async (t) => {
  t.equal(added.statusCode, 201, added.body)
  t.equal('clientSecret' in added.json(), false)
  t.equal((await hub.beheer.post(`/v1/clients/${id}/geheimen`)).statusCode, 409)
  for (const client_secret of ['', 'geheim']) {
    const answer = await askToken(hub, { ...grant, client_id: clientId, client_secret })
    refusedWith(t, answer, 400, 'invalid_client')
  }
})

t.test('an assertion signed with ES256, RS256 or PS256 is a token', async (t) => {
  for (const key of keys) {
    const answer = await login(await assertion(key, clientId))
    t.equal(answer.statusCode, 200, `${key.alg}: ${answer.body}`)
    t.equal(answer.json().scope, 'vroegsignalen:lezen')
    const headers = { authorization: `Bearer ${answer.json().access_token}` }
    t.equal((await hub.app.inject({ method: 'GET', url: '/v1/vroegsignalen', headers })).statusCode, 200)
  }
})

t.test('the audience may be the issuer, and client_id may stand beside the assertion', async (t) => {
  t.equal((await login(await assertion(es256, clientId, { aud: publicUrl }))).statusCode, 200)
  t.equal((await login(await assertion(es256, clientId), { client_id: clientId })).statusCode, 200)
})

t.test('an assertion works once', async (t) => {
  const used = await assertion(es256, clientId)
  t.equal((await login(used)).statusCode, 200)
  refusedWith(t, await login(used), 400, 'invalid_client')
})

t.test('of the same assertion twice at once, one is a token', async (t) => {
  const used = await assertion(es256, clientId)
  const answers = await Promise.all([login(used), login(used), login(used)])
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 400, 400])
})

t.test('an assertion that is not exactly right is invalid_client', async (t) => {
  const now = Math.floor(Date.now() / 1000)
  const other = crypto.randomUUID()
  const wrong = {
    expired: { exp: now - 120 },
    'without exp': { exp: undefined },
    'without jti': { jti: undefined },
    'for another audience': { aud: 'https://elders.example/oauth/token' },
    'for a part of our address': { aud: 'http://hub' },
    'of another issuer': { iss: other },
    'about another subject': { sub: other },
    'not valid yet': { nbf: now + 600 }
  }
  for (const [name, changed] of Object.entries(wrong)) {
    const answer = await login(await assertion(es256, clientId, changed))
    refusedWith(t, answer, 400, 'invalid_client', name)
  }
})

t.test('an assertion signed by anybody else is invalid_client', async (t) => {
  const stranger = await signingKey('ES256', es256.jwk.kid!)
  const weaker = await signingKey('ES384', es256.jwk.kid!)
  const unsigned = `${encode({ alg: 'none' })}.${(await assertion(es256, clientId)).split('.')[1]}.`
  const wrong = {
    'another key under our kid': await assertion(stranger, clientId),
    'an algorithm that is not admitted': await assertion(weaker, clientId),
    'no signature': unsigned,
    'the client of another': await assertion(es256, hub.beheer.clientId),
    'a token of the hub': (await login(await assertion(es256, clientId))).json().access_token,
    garbage: 'geen.jwt.hier',
    nothing: '.'
  }
  for (const [name, given] of Object.entries(wrong)) {
    refusedWith(t, await login(given), 400, 'invalid_client', name)
  }
  const named = await login(await assertion(es256, clientId), { client_id: hub.beheer.clientId })
  refusedWith(t, named, 400, 'invalid_client', 'client_id of another beside it')
})

t.test('without the right client_assertion_type it is an invalid_request', async (t) => {
  const given = { ...grant, client_assertion: await assertion(es256, clientId) }
  refusedWith(t, await askToken(hub, given), 400, 'invalid_request')
})

t.test('a private or symmetric key is refused at registration, without an echo', async (t) => {
  for (const jwk of [
    { ...es256.jwk, d: 'geheimgetal' },
    { kty: 'oct', k: 'geheimgetal' }
  ]) {
    const body = { naam: 'X', rol: 'beheer', scopes: ['beheer'], jwks: { keys: [jwk] } }
    const answer = await hub.beheer.post('/v1/clients', body)
    t.equal(answer.statusCode, 400)
    t.notMatch(answer.body, /geheimgetal/)
  }
})

function login(client_assertion: string, more: Record<string, string> = {}) {
  return askToken(hub, { ...grant, client_assertion_type: assertionType, client_assertion, ...more })
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

t.test('two keys without a kid: each is tried', async (t) => {
  const pair = [await signingKey('ES256', 'a'), await signingKey('ES256', 'b')]
  const nameless = pair.map(({ jwk: { kid: _, ...jwk } }) => jwk)
  const body = { naam: 'Naamloos', rol: 'beheer', scopes: ['beheer'], jwks: { keys: nameless } }
  const client = (await hub.beheer.post('/v1/clients', body)).json()
  for (const key of pair) {
    const bare = { ...key, jwk: { ...key.jwk, kid: undefined } } as never
    t.equal((await login(await assertion(bare, client.clientId))).statusCode, 200)
  }
  refusedWith(
    t,
    await login(await assertion(await signingKey('ES256', 'c'), client.clientId)),
    400,
    'invalid_client'
  )
})

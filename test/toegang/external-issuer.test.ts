import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { openLogger } from '../../src/platform/http/logger.ts'
import { openHub } from '../../src/toegang/hub.ts'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'
import { publicUrl, refusedWith, type SigningKey, signingKey } from './token-requests.ts'

const hub = await openTestHub(t)
const [rs256, ps256, es256, stranger] = (await Promise.all([
  signingKey('RS256', 'extern-rs256'),
  signingKey('PS256', 'extern-ps256'),
  signingKey('ES256', 'extern-es256'),
  signingKey('ES256', 'vreemd')
])) as [SigningKey, SigningKey, SigningKey, SigningKey]
const issuer = await serveKeys([rs256, ps256, es256])
const unreachable = { issuer: 'https://weg.example', jwksUrl: 'http://127.0.0.1:9/jwks.json' }
const second = { ...issuer, issuer: 'https://andere.voorbeeld.example' }
const app = await buildApp({
  hub: openHub({ ...hub.hub, externalIssuers: [issuer, second, unreachable] }),
  logger: openLogger('silent'),
  isReady: async () => true
})
t.teardown(() => app.close())
const { id: partnerId } = await made('/v1/signaalpartners', { naam: 'De Linde', sectoren: ['huur'] })
const partner = await external({
  naam: 'Extern',
  rol: 'signaalpartner',
  signaalpartnerId: partnerId,
  scopes: scopesPerRol.signaalpartner
})

t.test('a token of a trusted issuer that names our client with azp or client_id is taken', async (t) => {
  for (const key of [rs256, ps256, es256]) {
    const answer = await ask(await token(key, { azp: partner.clientId }))
    t.equal(answer.statusCode, 200, `${key.alg}: ${answer.body}`)
    t.same(
      answer.json().resultaten.map(({ id }: { id: string }) => id),
      [partnerId],
      'its own tenant'
    )
  }
  t.equal((await ask(await token(es256, { client_id: partner.clientId }))).statusCode, 200)
})

t.test('the tenant comes from our client, whatever the token claims', async (t) => {
  const claims = {
    azp: partner.clientId,
    rol: 'beheer',
    scope: 'beheer',
    signaalpartnerId: hub.beheer.clientId
  }
  const answer = await ask(await token(es256, claims), '/v1/clients')
  t.equal(answer.statusCode, 403)
})

t.test(
  'the token gives no scope that our client does not have, and none that it does not name',
  async (t) => {
    const url = '/v1/vroegsignalen'
    t.equal((await ask(await token(es256, { azp: partner.clientId }), url)).statusCode, 200)
    t.equal((await ask(await token(es256, { azp: partner.clientId, scope: 'beheer' }), url)).statusCode, 403)
    t.equal((await ask(await token(es256, { azp: partner.clientId, scope: undefined }), url)).statusCode, 403)
  }
)

t.test('a client that the hub does not know is 401', async (t) => {
  for (const azp of [crypto.randomUUID(), 'beheerder', '', undefined]) {
    refuses(t, await ask(await token(es256, { azp })))
  }
})

t.test('a revoked client is 401 on the very next request, also with an external token', async (t) => {
  const client = await external({ naam: 'Tijdelijk', rol: 'beheer', scopes: ['beheer'] })
  const given = await token(es256, { azp: client.clientId, scope: 'beheer' })
  t.equal((await ask(given, '/v1/clients')).statusCode, 200)
  await hub.beheer.delete(`/v1/clients/${client.clientId}`, { 'if-match': '*' })
  refuses(t, await ask(given, '/v1/clients'))
})

t.test('a token of a trusted issuer that is wrong in one thing is 401', async (t) => {
  const azp = partner.clientId
  const now = Math.floor(Date.now() / 1000)
  refuses(t, await ask(await token(stranger, { azp })))
  refuses(t, await ask(await token({ ...stranger, jwk: es256.jwk }, { azp })))
  refuses(t, await ask(await token(es256, { azp, aud: 'https://elders.example' })))
  refuses(t, await ask(await token(es256, { azp, iss: 'https://elders.example' })))
  refuses(t, await ask(await token(es256, { azp, iss: publicUrl })))
  refuses(t, await ask(await token(es256, { azp, exp: now - 120 })))
  refuses(t, await ask(await token(es256, { azp, jti: undefined })))
})

t.test('our own key signs for us, not for a trusted issuer', async (t) => {
  const { kid, privateKey } = hub.keys.signer('ondertekening-token')
  const own = { alg: 'ES256', privateKey: privateKey as never, jwk: { kid } as never }
  refuses(t, await ask(await token(own, { azp: partner.clientId })))
})

t.test('a client has one issuer: a token of another is 401, whoever it names', async (t) => {
  refuses(t, await ask(await token(es256, { azp: hub.beheer.clientId, scope: 'beheer' }), '/v1/clients'))
  refuses(t, await ask(await token(es256, { azp: partner.clientId, iss: second.issuer })))
  const own = await hub.client({ naam: 'Eigen', rol: 'beheer', scopes: ['beheer'] })
  t.equal((await ask(own.token, '/v1/clients')).statusCode, 200)
  refuses(t, await ask(await token(es256, { azp: own.clientId, scope: 'beheer' }), '/v1/clients'))
})

t.test('a client of another issuer gets no secret and no token here', async (t) => {
  t.notOk('clientSecret' in partner)
  t.equal(partner.uitgever, issuer.issuer)
  const answer = await app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `grant_type=client_credentials&client_id=${partner.clientId}&client_secret=x`
  })
  refusedWith(t, answer, 400, 'invalid_client')
  const unknown = { naam: 'X', rol: 'beheer', scopes: ['beheer'], uitgever: 'https://elders.example' }
  t.match((await post('/v1/clients', unknown)).json(), { status: 400, errors: [{ location: '/uitgever' }] })
})

t.test('an issuer whose keys cannot be reached never lets anybody in', async (t) => {
  const answer = await ask(await token(es256, { azp: partner.clientId, iss: unreachable.issuer }))
  t.ok([401, 503].includes(answer.statusCode))
})

t.test('without configuration no external token is taken', async (t) => {
  const headers = { authorization: `Bearer ${await token(es256, { azp: partner.clientId })}` }
  refuses(t, await hub.call({ method: 'GET', url: '/v1/signaalpartners', headers }))
})

function ask(given: string, url = '/v1/signaalpartners') {
  return app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${given}` } })
}

async function external(client: object) {
  return made('/v1/clients', { ...client, uitgever: issuer.issuer })
}

async function made(url: string, body: object) {
  const answer = await post(url, body)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json()
}

function post(url: string, payload: object) {
  const headers = { authorization: `Bearer ${hub.beheer.token}` }
  return app.inject({ method: 'POST', url, headers, payload })
}

function refuses(t: Test, { statusCode, headers }: Answer): void {
  t.equal(statusCode, 401)
  t.equal(headers['www-authenticate'], 'Bearer error="invalid_token"')
}

function token(key: SigningKey, changed: { [claim: string]: unknown }): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: issuer.issuer,
    sub: 'iemand',
    aud: publicUrl,
    scope: 'vroegsignalen:lezen',
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
    ...changed
  }
  const header = { alg: key.alg, ...(key.jwk.kid && { kid: key.jwk.kid }) }
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey)
}

async function serveKeys(keys: readonly SigningKey[]) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  return { issuer: 'https://tokens.voorbeeld.example', jwksUrl: `http://127.0.0.1:${port}/jwks.json` }
}

t.test('the scope of a token may be a list, as some issuers write it', async (t) => {
  const url = '/v1/vroegsignalen'
  const listed = (scope: unknown) => token(es256, { azp: partner.clientId, scope })
  t.equal((await ask(await listed(['openid', 'vroegsignalen:lezen']), url)).statusCode, 200)
  for (const scope of [['openid'], [], 7, { a: 1 }, null]) {
    t.equal((await ask(await listed(scope), url)).statusCode, 403, JSON.stringify(scope))
  }
  for (const azp of [7, ['x'], {}, null]) refuses(t, await ask(await token(es256, { azp })))
})

t.test('two keys without a kid: each is tried, and a third signs for nobody', async (t) => {
  const pair = [await signingKey('ES256', 'a'), await signingKey('ES256', 'b')]
  const nameless = pair.map(({ jwk: { kid: _, ...jwk }, ...key }) => ({ ...key, jwk }) as SigningKey)
  const published = { ...(await serveKeys(nameless)), issuer: 'https://naamloos.voorbeeld.example' }
  const app = await buildApp({
    hub: openHub({ ...hub.hub, externalIssuers: [published] }),
    logger: openLogger('silent'),
    isReady: async () => true
  })
  t.teardown(() => app.close())
  const body = { naam: 'Naamloos', rol: 'beheer', scopes: ['beheer'], uitgever: published.issuer }
  const headers = { authorization: `Bearer ${hub.beheer.token}` }
  const made = await app.inject({ method: 'POST', url: '/v1/clients', headers, payload: body })
  const status = async (key: SigningKey) => {
    const claims = { azp: made.json().clientId, iss: published.issuer, scope: 'beheer' }
    const authorization = `Bearer ${await token(key, claims)}`
    return (await app.inject({ method: 'GET', url: '/v1/clients', headers: { authorization } })).statusCode
  }
  for (const key of nameless) t.equal(await status(key), 200)
  t.equal(await status(await signingKey('ES256', 'c')), 401)
})

import * as oauth from 'openid-client'
import t, { type Test } from 'tap'
import { registerBeheerClient } from '../../src/organisaties/clients/register-beheer-client.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { askToken, signingKey } from './token-requests.ts'

// What an ordinary OAuth library makes of the token endpoint of a listening hub: openid-client, without any help.

const port = await freePort()
const url = `http://127.0.0.1:${port}`
const hub = await openTestHub(t, { publicUrl: url })
await hub.app.listen({ host: '127.0.0.1', port })
const { clientId, clientSecret, id: signaalpartnerId } = await hub.signaalpartner(['huur'], [])
const scope = 'vroegsignalen:lezen'
const { ClientSecretBasic, ClientSecretPost, PrivateKeyJwt } = oauth

t.test('a client gets a token by Basic, by post and by private_key_jwt', async (t) => {
  const key = await signingKey('ES256', 'sleutel-1')
  const keyed = await addKeyed(key.jwk)
  const ways = {
    Basic: await discover(clientId, ClientSecretBasic(clientSecret)),
    post: await discover(clientId, ClientSecretPost(clientSecret)),
    private_key_jwt: await discover(keyed, PrivateKeyJwt({ key: key.privateKey, kid: 'sleutel-1' }))
  }
  for (const [name, config] of Object.entries(ways)) {
    const token = await oauth.clientCredentialsGrant(config, { scope })
    t.match(token, { token_type: 'bearer', scope, expires_in: 900 }, name)
    const authorization = `Bearer ${token.access_token}`
    t.equal((await fetch(`${url}/v1/vroegsignalen`, { headers: { authorization } })).status, 200, name)
  }
})

t.test('a refusal of a secret in the body, of a scope or of a grant is read from the body', async (t) => {
  const config = await discover(clientId, ClientSecretPost(clientSecret))
  const wrongSecret = await discover(clientId, ClientSecretPost('fout'))
  const unknown = await discover(crypto.randomUUID(), ClientSecretPost(clientSecret))
  const stranger = await signingKey('ES256', 'sleutel-2')
  const keyed = await addKeyed((await signingKey('ES256', 'sleutel-2')).jwk)
  const badAssertion = await discover(keyed, PrivateKeyJwt({ key: stranger.privateKey, kid: 'sleutel-2' }))
  const grant = (config: oauth.Configuration) => oauth.clientCredentialsGrant(config)

  await readsBody(t, grant(wrongSecret), 400, 'invalid_client')
  await readsBody(t, grant(unknown), 400, 'invalid_client')
  await readsBody(t, grant(badAssertion), 400, 'invalid_client')
  const tooMuch = oauth.clientCredentialsGrant(config, { scope: 'beheer' })
  await readsBody(t, tooMuch, 400, 'invalid_scope')
  const password = oauth.genericGrantRequest(config, 'password', { username: 'a', password: 'b' })
  await readsBody(t, password, 400, 'unsupported_grant_type')
  const huge = oauth.clientCredentialsGrant(config, { vulling: 'x'.repeat(70_000) })
  await readsBody(t, huge, 413, 'invalid_request')
})

t.test('a refusal by Basic is read from the challenge, and from the body as well', async (t) => {
  for (const [id, secret] of [
    [clientId, 'fout'],
    [crypto.randomUUID(), clientSecret]
  ] as const) {
    const config = await discover(id, ClientSecretBasic(secret))
    const error = await refusalOf(oauth.clientCredentialsGrant(config))
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error
    t.equal(error.status, 401)
    t.match(error.cause, [{ scheme: 'basic', parameters: { realm: 'signaalhub', error: 'invalid_client' } }])
    t.match(error.cause[0]!.parameters.error_description, /^De client is onbekend/)
    t.match(await error.response.json(), { error: 'invalid_client', error_description: /^De client is/ })
  }
  const config = await discover(clientId, ClientSecretBasic(clientSecret))
  await readsBody(t, oauth.clientCredentialsGrant(config, { scope: 'beheer' }), 400, 'invalid_scope')
})

t.test('id and secret may hold any character, encoded as RFC 6749 §2.3.1 has it or not at all', async (t) => {
  const awkward = { clientId: 'beheer: Noord & Zuid+1', clientSecret: `a+b c%41:"d"&e=f/~'(é)€` }
  await registerBeheerClient(hub.database, hub.keys, awkward, new Date())
  const config = await discover(awkward.clientId, ClientSecretBasic(awkward.clientSecret))
  t.match(await oauth.clientCredentialsGrant(config), { scope: 'beheer' })

  const clientId = 'beheer+noord'
  for (const clientSecret of ['a+b c%41:d', 'a+b%zz', '%2B€ ']) {
    await registerBeheerClient(hub.database, hub.keys, { clientId, clientSecret }, new Date())
    t.equal(await asCurl(`${clientId}:${clientSecret}`), 200, clientSecret)
    t.equal(await asCurl(`${clientId}:${clientSecret}+`), 401, clientSecret)
  }
})

// Last, because it uses up the limit of this client.
t.test('who fails too often reads that, with the time to wait', async (t) => {
  const config = await discover(clientId, ClientSecretPost(clientSecret))
  const wrong = { grant_type: 'client_credentials', client_id: clientId, client_secret: 'fout' }
  for (let n = 0; n < 30; n += 1) await askToken(hub, wrong)
  const error = await readsBody(t, oauth.clientCredentialsGrant(config), 429, 'temporarily_unavailable')
  t.match(error.response.headers.get('retry-after'), /^[1-9]\d?$/)
})

// As `curl -u` does it: base64 of the bytes as they stand.
async function asCurl(credentials: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  return (await askToken(hub, { grant_type: 'client_credentials' }, { authorization })).statusCode
}

function discover(id: string, authentication: oauth.ClientAuth): Promise<oauth.Configuration> {
  const execute = [oauth.allowInsecureRequests]
  return oauth.discovery(new URL(url), id, undefined, authentication, { algorithm: 'oauth2', execute })
}

async function addKeyed(jwk: object): Promise<string> {
  const body = {
    naam: 'Systeem',
    rol: 'signaalpartner',
    signaalpartnerId,
    scopes: [scope],
    jwks: { keys: [jwk] }
  }
  return (await hub.beheer.post('/v1/clients', body)).json().clientId
}

async function readsBody(t: Test, asked: Promise<unknown>, status: number, error: string) {
  const thrown = await refusalOf(asked)
  if (!(thrown instanceof oauth.ResponseBodyError)) throw thrown
  t.match(thrown, { status, error, error_description: /^[\x20-\x7E]{10,}$/ })
  return thrown
}

function refusalOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => new Error('this should have been refused'),
    (error: unknown) => error
  )
}

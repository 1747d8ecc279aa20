import axios, { type AxiosError } from 'axios'
import { SignJWT } from 'jose'
import { ClientCredentials } from 'simple-oauth2'
import t from 'tap'
import { Agent, RetryAgent, request } from 'undici'
import { freePort } from '../../src/platform/free-port.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { type Gate, makeGate, throughGate } from '../platform/tcp-gate.ts'

// What ordinary client libraries make of a listening hub, each used as its own manual shows.

const port = await freePort()
const url = `http://127.0.0.1:${port}`
let gate: Gate | undefined
const hub = await openTestHub(t, {
  publicUrl: url,
  reach: async (address) => {
    gate = await makeGate(address)
    await gate.open()
    return throughGate(address, gate)
  }
})
await hub.app.listen({ host: '127.0.0.1', port })
t.teardown(() => gate?.shut())
await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])

const clientOf = (id: string, secret: string) =>
  new ClientCredentials({ client: { id, secret }, auth: { tokenHost: url, tokenPath: '/oauth/token' } })

/** A token of this partner that was valid until a minute ago. */
async function expiredToken(): Promise<string> {
  const own = hub.keys.signer('ondertekening-token')
  const now = Math.floor(Date.now() / 1000)
  const { clientId } = partner
  const claims = {
    iss: url,
    sub: clientId,
    aud: url,
    azp: clientId,
    client_id: clientId,
    scope: 'vroegsignalen:aanleveren',
    iat: now - 960,
    exp: now - 60,
    jti: crypto.randomUUID()
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: own.kid })
    .sign(own.privateKey)
}

t.test('simple-oauth2: a token by Basic, when it ends, and what is wrong with a secret', async (t) => {
  const token = await clientOf(partner.clientId, partner.clientSecret).getToken({
    scope: 'vroegsignalen:lezen'
  })
  t.equal(token.expired(), false)
  t.equal(token.expired(901), true, 'it knows that the token lives for fifteen minutes')
  t.equal(token.token.scope, 'vroegsignalen:lezen')
  const refused = await clientOf(partner.clientId, 'fout')
    .getToken({})
    .catch((error: unknown) => error)
  t.match(refused, { output: { statusCode: 401 }, data: { payload: { error: 'invalid_client' } } })
})

t.test(
  'axios: a token that ends in the middle of a run is renewed, and no signal is lost or doubled',
  async (t) => {
    const oauth = clientOf(partner.clientId, partner.clientSecret)
    let bearer = await expiredToken()
    let renewals = 0
    const http = axios.create({ baseURL: `${url}/v1` })
    http.interceptors.request.use((request) => {
      request.headers.set('authorization', `Bearer ${bearer}`)
      return request
    })
    http.interceptors.response.use(undefined, async (error: AxiosError) => {
      const challenge = String(error.response?.headers['www-authenticate'])
      if (error.response?.status !== 401 || !challenge.includes('error="invalid_token"')) throw error
      renewals += 1
      bearer = String((await oauth.getToken({})).token.access_token)
      return http.request(error.config!)
    })
    const ids: string[] = []
    for (const n of [1, 2, 3]) {
      const signal = aSignal({ referentie: `AXIOS-${n}`, adres: { huisnummer: n } })
      const { status, data } = await http.post('/vroegsignalen', signal)
      t.equal(status, 201)
      ids.push(data.id)
    }
    t.equal(renewals, 1)
    t.equal(new Set(ids).size, 3)
  }
)

t.test('axios: a refusal is read from its error, whatever its status', async (t) => {
  const headers = { authorization: `Bearer ${partner.token}` }
  const refused = await axios
    .post(`${url}/v1/vroegsignalen`, aSignal({ betalingsregeling: 'wordt-nagekomen' }), { headers })
    .catch((error: AxiosError) => error.response)
  t.match(refused, { status: 422, data: { errors: [{ code: 'geen-nagekomen-regeling' }] } })
})

t.test('undici: RetryAgent waits as Retry-After says, and its repeats are one signal', async (t) => {
  const dispatcher = new RetryAgent(new Agent(), {
    maxRetries: 20,
    methods: ['POST'],
    statusCodes: [429, 503],
    minTimeout: 100
  })
  t.teardown(() => dispatcher.close())
  await gate!.shut()
  const began = performance.now()
  const reopened = setTimeout(() => void gate!.open(), 1_500)
  t.teardown(() => clearTimeout(reopened))
  const answer = await request(`${url}/v1/vroegsignalen`, {
    method: 'POST',
    dispatcher,
    headers: {
      authorization: `Bearer ${partner.token}`,
      'content-type': 'application/json',
      'idempotency-key': 'undici'
    },
    body: JSON.stringify(aSignal({ referentie: 'UNDICI' }))
  })
  t.equal(answer.statusCode, 201)
  t.ok(performance.now() - began > 1_000, 'it was refused at first')
  const found = await partner.post('/v1/vroegsignalen/_zoek', { referentie: 'UNDICI' })
  t.equal(found.json().resultaten.length, 1)
})

t.test(
  'a client that asks too often is told when to come back, in a form that each of them reads',
  async (t) => {
    const apply = () => axios.post(`${url}/v1/aanmeldingen`, {}, { validateStatus: () => true })
    let answer = await apply()
    for (let n = 0; n < 70 && answer.status !== 429; n += 1) answer = await apply()
    t.equal(answer.status, 429)
    const seconds = Number(answer.headers['retry-after'])
    t.ok(seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`)
    t.match(answer.data, { type: '/v1/problemen/te-veel-verzoeken' })
  }
)

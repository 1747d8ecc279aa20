import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import Ajv2020 from 'ajv/dist/2020.js'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { openLogger } from '../../src/platform/http/logger.ts'
import { later } from '../../src/platform/http/problem.ts'
import { type Hub, openHub } from '../../src/toegang/hub.ts'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'
import { askToken, basic, refusedWith } from './token-requests.ts'

// Whatever goes wrong at the token endpoint, an OAuth library can read it (RFC 6749 §5.2).

type Example = { value: { error: string; error_description: string } }

const hub = await openTestHub(t)
const { clientId, clientSecret } = await hub.signaalpartner(['huur'], [])
const post = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
const form = new URLSearchParams(post).toString()
const document = (await hub.call({ method: 'GET', url: '/v1/openapi.json' })).json()
const { content } = document.components.responses.OAuthFout
const isAsDescribed = new Ajv2020.default({ strict: false }).compile(document.components.schemas.OAuthFout)
const answered: Example['value'][] = []

t.test('what a request is, is said with its own status', async (t) => {
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
  const wrong = {
    'no form': { status: 415, headers: { 'content-type': 'application/json' }, payload: '{' },
    'no media type': { status: 415, headers: {}, payload: form },
    'a packed form': {
      status: 415,
      headers: { ...urlencoded, 'content-encoding': 'gzip' },
      payload: gzipSync(form)
    },
    'a form that is too large': {
      status: 413,
      headers: urlencoded,
      payload: `${form}&x=${'x'.repeat(65_536)}`
    },
    'an answer that is not made here': {
      status: 406,
      headers: { ...urlencoded, accept: 'text/html' },
      payload: form
    },
    'a length that is not that of the body': {
      status: 400,
      headers: { ...urlencoded, 'content-length': '5' },
      payload: form
    },
    'no grant': { status: 400, headers: urlencoded, payload: '' }
  }
  for (const [name, { status, ...request }] of Object.entries(wrong)) {
    const answer = await hub.app.inject({ method: 'POST', url: '/oauth/token', ...request })
    refused(t, answer, status, 'invalid_request', name)
  }
})

t.test('a charset beside the media type, and a `*` in Accept, are as good', async (t) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', accept: '*/*' }
  t.equal((await askToken(hub, post, headers)).statusCode, 200)
})

t.test('each refusal of the endpoint itself', async (t) => {
  refused(t, await askToken(hub, { ...post, grant_type: 'password' }), 400, 'unsupported_grant_type')
  refused(t, await askToken(hub, { ...post, scope: 'beheer' }), 400, 'invalid_scope')
  refused(t, await askToken(hub, { ...post, client_secret: 'fout' }), 400, 'invalid_client')
  const authorization = basic(clientId, 'fout')
  const byHeader = await askToken(hub, { grant_type: 'client_credentials' }, { authorization })
  refused(t, byHeader, 401, 'invalid_client')
  const { error, error_description } = byHeader.json()
  t.equal(
    byHeader.headers['www-authenticate'],
    `Basic realm="signaalhub", charset="UTF-8", error="${error}", error_description="${error_description}"`
  )
})

t.test('before the databases are there: 503 with Retry-After', async (t) => {
  const app = await instance(t, {
    ...hub.hub,
    keys: () => {
      throw later(2)
    }
  })
  const answer = await askToken({ app }, post)
  refused(t, answer, 503, 'temporarily_unavailable')
  t.equal(answer.headers['retry-after'], '2')
})

t.test(
  'a database that is gone is 503, a fault of ours 500 with the id of the request in the log',
  async (t) => {
    for (const [code, status, error] of [
      ['ECONNREFUSED', 503, 'temporarily_unavailable'],
      ['42P01', 500, 'server_error']
    ] as const) {
      const secret = Object.assign(new Error('relation "client" does not exist'), { code })
      const broken = () => Promise.reject(secret)
      const database = { ...hub.hub.database, as: broken, ask: broken }
      const lines: string[] = []
      const app = await instance(t, { ...hub.hub, database }, (line) => lines.push(line))
      const answer = await askToken({ app }, post)
      refused(t, answer, status, error)
      t.equal(answer.headers['retry-after'] !== undefined, status === 503)
      t.notMatch(answer.body, /relation|42P01|ECONNREFUSED/)
      const id = /urn:uuid:([0-9a-f-]{36})\.$/.exec(answer.json().error_description)?.[1]
      t.equal(id !== undefined, status === 500)
      t.ok(lines.some((line) => line.includes('"err"') && line.includes(id ?? '')))
    }
  }
)

t.test('a client that fails too often locks out itself, and nobody else behind its address', async (t) => {
  const app = await instance(t, hub.hub)
  const neighbour = await hub.client({ naam: 'Buur', rol: 'beheer', scopes: ['beheer'] })
  const right = {
    grant_type: 'client_credentials',
    client_id: neighbour.clientId,
    client_secret: neighbour.clientSecret
  }
  const wrong = { ...post, client_secret: 'fout' }
  for (let n = 0; n < 30; n += 1) {
    const answer = await askToken({ app }, wrong)
    t.equal(answer.statusCode, 400)
    t.equal(answer.headers.ratelimit?.toString().split(';')[1], `r=${29 - n}`)
  }
  for (const form of [wrong, post]) {
    const answer = await askToken({ app }, form)
    refused(t, answer, 429, 'temporarily_unavailable')
    t.match(answer.headers, { 'retry-after': /^\d+$/, 'ratelimit-policy': /q=30;w=60/ })
  }
  for (let n = 0; n < 700; n += 1) await askToken({ app }, wrong)
  for (let n = 0; n < 40; n += 1) t.equal((await askToken({ app }, right)).statusCode, 200, 'the neighbour')
  const elsewhere = { method: 'POST', url: '/oauth/token', remoteAddress: '192.0.2.7' } as const
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const payload = new URLSearchParams(post).toString()
  t.equal((await app.inject({ ...elsewhere, headers, payload })).statusCode, 200, 'itself, from elsewhere')
})

t.test('an address that fails under very many names is refused for a while', async (t) => {
  const app = await instance(t, hub.hub)
  for (let n = 0; n < 600; n += 1) await askToken({ app }, { ...post, client_id: `onbekend-${n}` })
  const answer = await askToken({ app }, post)
  refused(t, answer, 429, 'temporarily_unavailable')
  t.match(answer.headers, { 'retry-after': /^\d+$/, 'ratelimit-policy': /q=600/ })
})

t.test('a request without Host is an invalid_request as well', async (t) => {
  const app = await instance(t, hub.hub)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1')
  socket.write(`POST /oauth/token HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  t.match(head, /^HTTP\/1\.1 400 .*content-type: application\/json/is)
  t.match(JSON.parse(body), { error: 'invalid_request' })
})

t.test('another method is no OAuth: 405 as everywhere, with Allow', async (t) => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'] as const) {
    const answer = await hub.app.inject({ method, url: '/oauth/token' })
    t.match(answer, {
      statusCode: 405,
      headers: { allow: 'POST', 'content-type': /^application\/problem\+json/ }
    })
  }
})

t.test('every answer was as the document describes it, and its examples were among them', (t) => {
  const examples = Object.values<Example>(content['application/json'].examples).map(({ value }) => value)
  const { error } = document.components.schemas.OAuthFout.properties
  t.same(
    examples.map((example) => example.error),
    error.enum
  )
  const known = answered.map(withoutId)
  for (const example of examples) t.ok(known.includes(withoutId(example)), example.error)
  t.same([...new Set(answered.map((answer) => answer.error))].sort(), [...error.enum].sort())
  t.end()
})

function refused(t: Test, answer: Answer, status: number, error: string, name = error): void {
  refusedWith(t, answer, status, error, name)
  t.ok(isAsDescribed(answer.json()), `${name}: as the document says`)
  t.notMatch(answer.body, clientSecret)
  answered.push(answer.json())
}

function withoutId({ error, error_description }: Example['value']): string {
  return `${error} ${error_description.replace(/[0-9a-f-]{36}/, 'ID')}`
}

async function instance(t: Test, hub: Hub, write: (line: string) => void = () => undefined) {
  const app = await buildApp({
    hub: openHub(hub),
    logger: openLogger('info', { write }),
    isReady: async () => true
  })
  t.teardown(() => app.close())
  return app
}

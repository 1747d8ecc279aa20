import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import t from 'tap'
import { beginDelivery, listen, untilWriting } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

t.setTimeout(90_000)

const hub = await openTestHub(t)
await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const url = await listen(hub)
const authorization = `Bearer ${partner.token}`
const megabyte = 1024 * 1024
const line = `${JSON.stringify(aSignal())}\n`
const manyLines = line.repeat(Math.ceil(megabyte / line.length))

type Refusal = { status: number; body: string | Buffer; path?: string; headers?: Record<string, string> }

const refusals: Readonly<Record<string, Refusal>> = {
  'an unknown column': {
    status: 400,
    headers: { 'content-type': 'text/csv' },
    body: `referentie;onbekend\n${'R;x\n'.repeat(megabyte / 4)}`
  },
  'bytes that are no gzip': {
    status: 400,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: Buffer.alloc(megabyte, 7)
  },
  'a coding that is not known': {
    status: 415,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'br' },
    body: manyLines
  },
  'a list that breaks off in the middle': {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: `{"vroegsignalen":[${line},,${manyLines}`
  },
  'a token that is not valid': {
    status: 401,
    headers: { 'content-type': 'application/x-ndjson', authorization: 'Bearer x' },
    body: manyLines
  },
  'a path that is not there': { status: 404, path: '/v1/nergens', body: manyLines },
  'a body that is too large for its route': {
    status: 413,
    path: '/v1/vroegsignalen',
    headers: { 'content-type': 'application/json' },
    body: `{"referentie":"${'x'.repeat(megabyte)}"}`
  }
}

for (const [name, { status, body, path = '/v1/aanleveringen', headers = {} }] of Object.entries(refusals)) {
  t.test(`after ${name} the next request on the connection is answered`, async (t) => {
    const agent = openAgent(t)
    const sent = { authorization, ...headers, 'content-length': String(Buffer.byteLength(body)) }
    const refused = await send(agent, { method: 'POST', path, headers: sent }, body)
    t.equal(refused.status, status)
    t.equal((await send(agent, { path: '/v1/criteria' })).status, 200)
    t.equal(agent.totalMade(), refused.isKept ? 1 : 2)
  })
}

t.test('the same holds after a delivery that was refused because another one runs', async (t) => {
  const running = beginDelivery(url, partner.token)
  running.write(line.repeat(2_000))
  await untilWriting(hub)
  const agent = openAgent(t)
  const headers = { authorization, 'content-type': 'application/x-ndjson' }
  const refused = await send(agent, { method: 'POST', path: '/v1/aanleveringen', headers }, manyLines)
  t.equal(refused.status, 409)
  t.equal((await send(agent, { path: '/v1/criteria' })).status, 200)
  await running.end()
})

t.test('a sender that does not end costs itself the connection, and nobody else anything', async (t) => {
  const agent = openAgent(t)
  const headers = { authorization: 'Bearer x', 'content-type': 'application/x-ndjson' }
  const options = { method: 'POST', path: '/v1/aanleveringen', headers }
  const endless = request(url, { ...options, agent })
  endless.on('error', () => undefined)
  endless.write(manyLines)
  const answer = await new Promise<IncomingMessage>((resolve) => endless.once('response', resolve))
  t.equal(answer.statusCode, 401)
  t.equal(answer.headers.connection, 'close')
  t.equal((await send(agent, { path: '/v1/criteria' })).status, 200)
  endless.destroy()
})

function openAgent(t: { teardown(close: () => void): unknown }) {
  let made = 0
  class CountingAgent extends Agent {
    override createConnection(...given: Parameters<Agent['createConnection']>) {
      made += 1
      return super.createConnection(...given)
    }
    totalMade() {
      return made
    }
  }
  const agent = new CountingAgent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  return agent
}

function send(agent: Agent, options: RequestOptions, body: string | Buffer = '') {
  return new Promise<{ status: number; isKept: boolean }>((resolve, reject) => {
    const outgoing = request(url, { ...options, agent, timeout: 10_000 })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within ten seconds')))
    outgoing.on('error', reject)
    outgoing.on('response', async (answer) => {
      await answer.toArray()
      resolve({ status: answer.statusCode!, isKept: answer.headers.connection !== 'close' })
    })
    outgoing.end(body)
  })
}

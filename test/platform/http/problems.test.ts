import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { catalogue } from '../../../src/platform/http/problem-catalogue.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)
await hub.app.listen({ port: 0, host: '127.0.0.1' })
const address = hub.app.server.address() as { port: number }

// Every kind of problem with its status (contract §10).
const contract: Record<string, number> = {
  'ongeldige-invoer': 400,
  'niet-ingelogd': 401,
  'geen-toegang': 403,
  'geen-overeenkomst': 403,
  'niet-gevonden': 404,
  'methode-niet-toegestaan': 405,
  'niet-leverbaar': 406,
  'verzoek-loopt-nog': 409,
  'referentie-bestaat': 409,
  'toestand-staat-dit-niet-toe': 409,
  'aanlevering-loopt-al': 409,
  'positie-onbekend': 410,
  'verouderde-versie': 412,
  'te-groot': 413,
  'mediatype-niet-ondersteund': 415,
  'signaal-niet-toelaatbaar': 422,
  'betrokkene-onduidelijk': 422,
  'idempotentie-conflict': 422,
  'versie-vereist': 428,
  'te-veel-verzoeken': 429,
  'interne-fout': 500,
  'tijdelijk-niet-beschikbaar': 503
}

t.test('the catalogue is that of the contract, slug by slug and status by status', (t) => {
  const statuses = Object.entries(catalogue).map(([slug, { status }]) => [slug, status])
  t.same(Object.fromEntries(statuses), contract)
  t.end()
})

t.test('every type leads, without a token, to what it means', async (t) => {
  for (const [slug, status] of Object.entries(contract)) {
    const answer = await hub.call({ method: 'GET', url: `/v1/problemen/${slug}` })
    t.match(answer.json(), { type: `/v1/problemen/${slug}`, status, titel: /\w/, uitleg: /\w/ })
  }
  for (const slug of ['bestaat-niet', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const { statusCode } = await hub.app.inject({ method: 'GET', url: `/v1/problemen/${slug}` })
    t.ok([400, 404].includes(statusCode), slug)
  }
})

t.test('every error has the members of RFC 9457, its own instance, and that one is in the log', async (t) => {
  const first = (await hub.call({ method: 'GET', url: '/v1/clients' })).json()
  const second = (await hub.call({ method: 'GET', url: '/v1/clients' })).json()
  t.same(Object.keys(first), ['type', 'title', 'status', 'detail', 'instance'])
  t.match(first.instance, /^urn:uuid:[0-9a-f-]{36}$/)
  t.not(first.instance, second.instance)
  t.equal(hub.logLines.filter((line) => line.includes(first.instance.slice(9))).length > 0, true)
})

t.test('Fsc-Transaction-Id comes back when it is a UUID, also on an error, and not otherwise', async (t) => {
  const id = '01963f2a-8a4b-7c3d-9e5f-1a2b3c4d5e6f'
  for (const url of ['/v1/criteria', '/v1/clients', '/v1/bestaat-niet']) {
    const { headers } = await hub.call({ method: 'GET', url, headers: { 'fsc-transaction-id': id } })
    t.equal(headers['fsc-transaction-id'], id, url)
  }
  for (const wrong of ['x', `${id}0`, `${id}, ${id}`, '', `{${id}}`]) {
    const { headers } = await hub.call({
      method: 'GET',
      url: '/v1/criteria',
      headers: { 'fsc-transaction-id': wrong }
    })
    t.equal(headers['fsc-transaction-id'], undefined, wrong)
  }
})

t.test('bytes that are no HTTP get a 400 problem with the standard headers', async (t) => {
  const garbage = ['hallo\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']
  const smuggled =
    'POST /v1/gemeenten HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
  const header = 'GET /v1/criteria HTTP/1.1\r\nHost: x\r\nbad header: x\r\n\r\n'
  for (const bytes of [...garbage, smuggled, header]) {
    const { status, headers, body } = await talk(bytes)
    t.equal(status, 400, JSON.stringify(bytes.slice(0, 20)))
    t.match(headers, /content-type: application\/problem\+json/i)
    t.match(headers, /api-version: \d+\.\d+\.\d+/i)
    t.match(headers, /cache-control: no-store/i)
    t.match(JSON.parse(body), {
      status: 400,
      type: '/v1/problemen/ongeldige-invoer',
      title: /\w/,
      detail: /\w/
    })
  }
})

t.test('who goes on sending after such an answer loses the connection', async (t) => {
  const socket = connect(address.port, '127.0.0.1')
  socket.on('error', () => undefined).resume()
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write('hallo\r\n\r\n')
  const sending = setInterval(() => socket.write('en nog iets\r\n'), 50)
  const began = performance.now()
  await closed
  clearInterval(sending)
  t.ok(performance.now() - began < 5_000)
})

t.test('more than 16 KiB of headers is 431, before anything is done with them', async (t) => {
  const { status, headers, body } = await talk(
    `GET /v1/criteria HTTP/1.1\r\nHost: x\r\nX-Lang: ${'a'.repeat(17 * 1024)}\r\n\r\n`
  )
  t.equal(status, 431)
  t.match(headers, /content-type: application\/problem\+json/i)
  t.match(JSON.parse(body), { status: 431, title: /\w/, detail: /\w/ })
})

t.test('a request without Host, or with a path that is no path, is a 4xx problem', async (t) => {
  for (const line of [
    'GET /v1/criteria HTTP/1.1\r\nConnection: close\r\n\r\n',
    'GET /v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  ]) {
    const { status, headers } = await talk(line)
    t.ok(status >= 400 && status < 500, `${line}: ${status}`)
    t.match(headers, /application\/problem\+json/i)
  }
})

t.test('an expectation that is not known is passed over', async (t) => {
  const { status, headers } = await talk(
    'GET /v1/clients HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n'
  )
  t.equal(status, 401)
  t.match(headers, /application\/problem\+json/i)
})

t.test('a body that never ends is cut off at its limit with 413', async (t) => {
  const head =
    'POST /v1/gemeenten HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n'
  const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`
  const { status } = await talk(`${head}Authorization: Bearer ${hub.beheer.token}\r\n\r\n${chunk.repeat(6)}`)
  t.equal(status, 413)
})

/** Sends raw bytes and reads until the hub closes the connection. */
async function talk(bytes: string): Promise<{ status: number; headers: string; body: string }> {
  const socket = connect(address.port, '127.0.0.1')
  socket.setTimeout(3_000, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.write(bytes, 'latin1')
  const answer = await text(socket)
  const [headers = '', body = ''] = answer.split('\r\n\r\n')
  return { status: Number(headers.split(' ')[1]), headers, body }
}

t.test('the log line of a refused request names its problem', async (t) => {
  hub.logLines.length = 0
  await hub.call({ method: 'GET', url: '/v1/clients' })
  await hub.call({ method: 'GET', url: '/v1/criteria' })
  const [refused, answered] = hub.logLines
    .filter((line) => line.includes('"request"'))
    .map((line) => JSON.parse(line))
  t.match(refused, { status: 401, slug: 'niet-ingelogd' })
  t.notOk('slug' in answered)
})

t.test(
  'an unknown field is told by its place and the field that it looks like, never by its own name',
  async (t) => {
    const post = (body: object) =>
      hub.beheer.post('/v1/signaalpartners', { naam: 'A', sectoren: ['huur'], ...body })
    for (const [name, meant] of Object.entries({
      KvkNumer: 'kvkNummer',
      kvk_nummer: 'kvkNummer',
      statuss: 'status'
    })) {
      const { errors } = (await post({ [name]: 1 })).json()
      t.match(errors, [
        { detail: new RegExp(`^Het 3e veld hier is onbekend; bedoelt u ${meant}\\? Hier mag:`) }
      ])
      t.notMatch(JSON.stringify(errors), name)
    }
    for (const name of ['jansen', 'Jan de Boer', 'oma', 'x'.repeat(61), '999990019']) {
      const { errors } = (await post({ [name]: 1 })).json()
      t.match(errors, [{ detail: /^Het [13]e veld hier is onbekend; verwijder het/ }], name)
    }
  }
)

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import fastify from 'fastify'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { addCompression } from '../../../src/platform/http/compression.ts'
import { openLogger } from '../../../src/platform/http/logger.ts'
import { addNegotiation } from '../../../src/platform/http/negotiation.ts'
import type { App } from '../../../src/platform/http/typebox.ts'
import { openHub } from '../../../src/toegang/hub.ts'
import { aSignal } from '../../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../../helpers/test-hub.ts'
import { askToken } from '../../toegang/token-requests.ts'

const hub = await openTestHub(t)
const gemeente = await hub.gemeente('0177', 'Raalte')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const { id } = (await partner.post('/v1/vroegsignalen', aSignal())).json()
for (const referentie of ['TWEE', 'DRIE'])
  await partner.post('/v1/vroegsignalen', { ...aSignal(), referentie })

t.test('what is over 1 kB comes packed to who asks, and is the same text', async (t) => {
  const answers: Record<string, { url: string; by?: Party; type: RegExp }> = {
    'JSON made of an object': { url: '/v1/criteria', type: /^application\/json/ },
    'JSON that a route writes itself': {
      url: '/v1/huishoudens',
      by: gemeente,
      type: /^application\/json/
    },
    'one resource': { url: `/v1/vroegsignalen/${id}`, by: partner, type: /^application\/json/ },
    'the document': { url: '/v1/openapi.json', type: /^application\/json/ },
    'the document in YAML': { url: '/v1/openapi.yaml', type: /^application\/yaml/ },
    'the page of the documentation': { url: '/docs/', type: /^text\/html/ },
    'a text of that page': { url: '/docs/static/theme/docs-in-dutch.js', type: /^application\/javascript/ },
    'a file of that page': { url: '/docs/static/swagger-ui.css', type: /^text\/css/ }
  }
  for (const [name, { url, by, type }] of Object.entries(answers)) {
    const plain = await ask(url, undefined, by)
    t.equal(plain.statusCode, 200, name)
    t.equal(plain.headers['content-encoding'], undefined, name)
    t.ok(plain.rawPayload.length > 1024, name)
    for (const coding of ['gzip', 'br']) {
      const packed = await ask(url, coding, by)
      const { headers, rawPayload } = packed
      t.match(
        headers,
        { 'content-encoding': coding, 'content-type': type, vary: /\bAccept-Encoding\b/ },
        name
      )
      t.ok(
        rawPayload.length < plain.rawPayload.length / 2 || name.includes('page of'),
        `${name}: ${rawPayload.length}`
      )
      t.equal(hashOf(unpack(packed)), hashOf(plain.rawPayload), `${name} as ${coding}`)
      t.equal(headers['cache-control'], 'no-store')
      t.equal(headers['api-version'], plain.headers['api-version'])
    }
    t.match(plain.headers.vary, /\bAccept-Encoding\b/, `${name}: it could have been another`)
  }
})

t.test('Accept-Encoding is read as RFC 9110 §12.5.3 has it', async (t) => {
  const expected: Record<string, string | undefined> = {
    gzip: 'gzip',
    GZIP: 'gzip',
    br: 'br',
    'gzip, deflate, br, zstd': 'gzip',
    'br;q=1.0, gzip;q=0.8, *;q=0.1': 'br',
    'br;q=0.2, gzip;q=0.8': 'gzip',
    'gzip;q=0, *': 'br',
    'gzip;q=0, br;q=0': undefined,
    '*': 'gzip',
    '*;q=0': undefined,
    'identity, gzip;q=0.5': undefined,
    'identity;q=0.5, gzip': 'gzip',
    identity: undefined,
    deflate: undefined,
    zstd: undefined,
    'compress, deflate;q=0.5': undefined,
    '': undefined,
    ';;,q=': undefined
  }
  for (const [header, coding] of Object.entries(expected)) {
    const { statusCode, headers } = await ask('/v1/criteria', header)
    t.match({ statusCode, coding: headers['content-encoding'] }, { statusCode: 200, coding }, header)
  }
})

t.test('HEAD says what GET says', async (t) => {
  for (const url of ['/v1/criteria', '/docs/', '/']) {
    for (const coding of [undefined, 'gzip', 'br']) {
      const get = await ask(url, coding)
      const head = await hub.app.inject({ method: 'HEAD', url, headers: accepting(coding) })
      t.equal(head.body, '')
      for (const name of ['content-encoding', 'content-length', 'content-type', 'vary'])
        t.equal(head.headers[name], get.headers[name], `${url} ${coding} ${name}`)
      t.equal(get.headers['content-length'], String(get.rawPayload.length))
    }
  }
})

t.test(
  'the ETag of a packed answer works in If-Match, and so does that of an answer to a change',
  async (t) => {
    const url = `/v1/vroegsignalen/${id}`
    const headers = { ...accepting('gzip'), 'content-type': 'application/merge-patch+json' }
    let etag = String((await ask(url, 'br', partner)).headers.etag)
    t.equal(etag, (await partner.get(url)).headers.etag)
    t.match(etag, /^"/)
    for (const bedragInCenten of [91_000, 92_000]) {
      const payload = JSON.stringify({ achterstand: { bedragInCenten } })
      const patch = { method: 'PATCH', url, payload } as const
      const current = { ...headers, ...authorized(partner), 'if-match': etag }
      const changed = await hub.app.inject({ ...patch, headers: current })
      t.match(changed, { statusCode: 200, headers: { 'content-encoding': 'gzip' } })
      t.equal(JSON.parse(unpack(changed).toString()).achterstand.bedragInCenten, bedragInCenten)
      const stale = { ...headers, ...authorized(partner), 'if-match': etag }
      t.equal((await hub.app.inject({ ...patch, headers: stale })).statusCode, 412)
      etag = String(changed.headers.etag)
    }
  }
)

t.test('a long problem comes packed as well', async (t) => {
  const payload = { referentie: '', soort: 'x', sector: 'y', betrokkene: {}, adres: {}, achterstand: {} }
  const headers = { ...accepting('gzip'), ...authorized(partner) }
  const answer = await hub.app.inject({ method: 'POST', url: '/v1/vroegsignalen', headers, payload })
  t.match(answer, {
    statusCode: 400,
    headers: { 'content-type': /^application\/problem\+json/, 'content-encoding': 'gzip' }
  })
  t.match(JSON.parse(unpack(answer).toString()), { status: 400, type: '/v1/problemen/ongeldige-invoer' })
})

t.test('what is short, and all of /oauth, is never packed', async (t) => {
  for (const url of ['/health/live', '/v1/bestaat-niet', '/v1/problemen/te-groot', '/']) {
    t.equal((await ask(url, 'gzip, br')).headers['content-encoding'], undefined, url)
  }
  // A long address makes a token long enough to be packed, were it sent elsewhere.
  const hubElsewhere = openHub({ ...hub.hub, publicUrl: `http://${'hub.'.repeat(60)}test` })
  const app = await buildApp({ hub: hubElsewhere, logger: openLogger('silent'), isReady: async () => true })
  t.teardown(() => app.close())
  const { clientId: client_id, clientSecret: client_secret } = partner
  const form = { grant_type: 'client_credentials', client_id, client_secret }
  const token = await askToken({ app }, form, accepting('gzip, br'))
  t.match(token.json(), { token_type: 'Bearer' })
  t.ok(token.body.length > 1024)
  t.equal(token.headers['content-encoding'], undefined)
})

t.test('a file that the caller has, or asks a part of, stays as it is', async (t) => {
  const url = '/docs/static/swagger-ui.css'
  const packed = await ask(url, 'gzip')
  t.equal(packed.headers['accept-ranges'], undefined, 'no parts of what was packed')
  const etag = String(packed.headers.etag)
  const known = await hub.app.inject({ url, headers: { ...accepting('gzip'), 'if-none-match': etag } })
  t.match(known, { statusCode: 304, body: '' })
  t.equal(known.headers['content-encoding'], undefined)
  const part = await hub.app.inject({ url, headers: { ...accepting('gzip'), range: 'bytes=0-4999' } })
  t.equal(part.statusCode, 206)
  t.equal(part.headers['content-encoding'], undefined)
  t.equal(part.rawPayload.length, 5_000)
})

t.test('over a real connection, one after the other, and in the log', async (t) => {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = hub.app.server.address() as { port: number }
  const before = hub.logLines.length
  const headers = { ...accepting('br'), ...authorized(gemeente) }
  const pages = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${port}/v1/huishoudens`, { headers }))
  )
  for (const page of pages) {
    t.equal(page.headers.get('content-encoding'), 'br')
    t.match(await page.json(), { resultaten: [{ gemeentecode: '0177' }] })
  }
  const lines = hub.logLines.slice(before).map((line) => JSON.parse(line))
  const logged = lines.filter(({ route, status }) => route === '/v1/huishoudens' && status === 200)
  t.equal(logged.length, 20)
})

t.test('streams, what is packed already, and texts that look like it', async (t) => {
  const app = fastify() as unknown as App
  const config = { toegang: 'open' as const, produces: ['*/*'] }
  const text = '80;naam\n'.repeat(1_000)
  async function* broken() {
    yield text
    throw new Error('de rij')
  }
  addNegotiation(app)
  addCompression(app)
  await app.after()
  app.get('/stream', { config }, (_, reply) => reply.type('text/csv').send(Readable.from([text, text])))
  app.get('/broken', { config }, (_, reply) => reply.type('text/csv').send(Readable.from(broken())))
  app.get('/text', { config }, (_, reply) => reply.type('text/csv').send(text))
  app.get('/packed', { config }, (_, reply) =>
    reply.type('text/csv').header('content-encoding', 'gzip').send(gzipSync(text))
  )
  app.get('/image', { config }, (_, reply) => reply.type('image/png').send(Buffer.alloc(5_000)))
  app.get('/vary', { config }, (_, reply) => reply.type('text/csv').header('vary', 'Accept').send(text))
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const get = (url: string) => app.inject({ method: 'GET', url, headers: accepting('gzip') })

  t.equal(unpack(await get('/stream')).toString(), text + text)
  t.equal(unpack(await get('/text')).toString(), text)
  t.equal(unpack(await get('/packed')).toString(), text, 'once, not twice')
  t.equal((await get('/image')).headers['content-encoding'], undefined)
  t.equal((await get('/vary')).headers.vary, 'Accept, Accept-Encoding')
  const head = await app.inject({ method: 'HEAD', url: '/stream', headers: accepting('gzip') })
  t.match(head, { statusCode: 200, body: '', headers: { 'content-encoding': 'gzip' } })

  const { port } = app.server.address() as { port: number }
  const cutOff = fetch(`http://127.0.0.1:${port}/broken`, { headers: accepting('gzip') }).then((it) =>
    it.text()
  )
  await t.rejects(cutOff, 'the caller notices that it is not whole')
  t.equal((await get('/text')).statusCode, 200, 'and others go on')
})

function ask(url: string, encoding: string | undefined, by: Party = hub.beheer): Promise<Answer> {
  return hub.app.inject({ method: 'GET', url, headers: { ...accepting(encoding), ...authorized(by) } })
}

function accepting(encoding: string | undefined): Record<string, string> {
  return encoding === undefined ? {} : { 'accept-encoding': encoding }
}

function authorized({ token }: Party): { authorization: string } {
  return { authorization: `Bearer ${token}` }
}

function unpack({ headers, rawPayload }: Answer): Buffer {
  return headers['content-encoding'] === 'br' ? brotliDecompressSync(rawPayload) : gunzipSync(rawPayload)
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

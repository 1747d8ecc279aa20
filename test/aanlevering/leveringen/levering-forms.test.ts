import { gzipSync } from 'node:zlib'
import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { countRows, deliver, linesOf, manySignals, ndjson } from './deliveries.ts'

const hub = await openTestHub(t)
await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])

let turn = 0
const signals = () => manySignals(3, `F${turn++}`)
const asJson = (given: readonly object[]) => JSON.stringify({ vroegsignalen: given })

t.test('NDJSON and a JSON list, plain and gzipped, with and without charset, are taken alike', async (t) => {
  const forms: [string, (given: readonly object[]) => string][] = [
    ['application/x-ndjson', ndjson],
    ['application/x-ndjson; charset=utf-8', ndjson],
    ['Application/X-NDJSON;charset="UTF-8"', ndjson],
    ['application/json', asJson],
    ['application/json; charset=UTF-8', asJson]
  ]
  for (const [form, write] of forms) {
    for (const encoding of ['identity', 'gzip', 'GZIP', 'x-gzip']) {
      const text = write(signals())
      const body = encoding === 'identity' ? text : gzipSync(text)
      const answer = await deliver(verhuurder, body, form, { 'content-encoding': encoding })
      t.equal(answer.statusCode, 201, `${form} ${encoding}`)
      t.match(answer.json(), { aantalRegels: 3, aantalOpgenomen: 3, redenen: [] })
      const lines = await linesOf(verhuurder, answer.json().id)
      t.same(
        lines.map(({ regel }) => regel),
        [1, 2, 3]
      )
    }
  }
})

t.test('415: other types, other charsets, other encodings; nothing is stored', async (t) => {
  const before = await countRows(hub)
  const text = ndjson(signals())
  const forms = [
    'text/plain',
    'application/xml',
    'application/octet-stream',
    'application/x-ndjson; charset=iso-8859-1',
    'text/csv; charset=ebcdic'
  ]
  for (const form of forms) {
    const answer = await deliver(verhuurder, text, form)
    t.match(answer.json(), { status: 415, type: '/v1/problemen/mediatype-niet-ondersteund' }, form)
  }
  for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip']) {
    const answer = await deliver(verhuurder, text, undefined, { 'content-encoding': encoding })
    t.equal(answer.statusCode, 415, encoding)
  }
  t.same(await countRows(hub), before)
})

t.test('400: gzip that was cut off, altered or is none at all; nothing is stored', async (t) => {
  const before = await countRows(hub)
  const zipped = gzipSync(ndjson(manySignals(1200, 'Z')))
  const altered = Buffer.from(zipped)
  altered[altered.length - 6]! ^= 0xff
  const bodies = {
    half: zipped.subarray(0, zipped.length / 2),
    'without its last byte': zipped.subarray(0, -1),
    'with another checksum': altered,
    plain: Buffer.from(ndjson(signals())),
    'its head alone': zipped.subarray(0, 5),
    empty: Buffer.alloc(0)
  }
  for (const [name, body] of Object.entries(bodies)) {
    const answer = await deliver(verhuurder, body, undefined, { 'content-encoding': 'gzip' })
    t.match(answer.json(), { status: 400, type: '/v1/problemen/ongeldige-invoer' }, name)
    t.same(await countRows(hub), before, name)
  }
})

t.test('413: a gzip bomb; nothing is stored and the next delivery works', async (t) => {
  const before = await countRows(hub)
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, 0x20))
  const answer = await deliver(verhuurder, bomb, undefined, { 'content-encoding': 'gzip' })
  t.match(answer.json(), { status: 413, type: '/v1/problemen/te-groot' })
  t.same(await countRows(hub), before)
  t.equal((await deliver(verhuurder, ndjson(signals()))).statusCode, 201)
})

t.test('400: a JSON body with lines taken in before it proves malformed leaves none of them', async (t) => {
  const before = await countRows(hub)
  const text = asJson(manySignals(1200, 'M'))
  for (const body of [text.slice(0, -2), `${text}x`, text.replace(/\]\}$/, ',]}')]) {
    const answer = await deliver(verhuurder, body, 'application/json')
    t.match(answer.json(), { status: 400, errors: [{ location: '', code: 'json' }] })
    t.same(await countRows(hub), before)
  }
})

t.test('401 and 403 before a byte of the body is looked at', async (t) => {
  const raalte = await hub.gemeente('0177')
  const reader = await hub.client({
    naam: 'Alleen lezen',
    rol: 'signaalpartner',
    signaalpartnerId: verhuurder.id,
    scopes: ['vroegsignalen:lezen']
  })
  for (const party of [raalte, reader, hub.beheer])
    t.equal((await deliver(party, 'geen json')).statusCode, 403)
  const headers = { 'content-type': 'application/x-ndjson' }
  const request = { method: 'POST', url: '/v1/aanleveringen', headers, payload: 'geen json' }
  t.equal((await hub.call(request as never)).statusCode, 401)
})

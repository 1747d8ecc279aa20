import { gzipSync } from 'node:zlib'
import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { beginDelivery, countRows, deliver, listen, manySignals, ndjson, untilWriting } from './deliveries.ts'

const hub = await openTestHub(t)
await hub.gemeente('0177')
const url = await listen(hub)
const openPartner = () => hub.signaalpartner(['huur'], ['0177'])

const body = ndjson(manySignals(20))
const key = { 'idempotency-key': 'maand' }
const gzip = { 'content-encoding': 'gzip' }
const form = 'application/x-ndjson'

t.test(
  'a repeat of a finished delivery is its first answer again, also gzipped, and has no effect',
  async (t) => {
    const verhuurder = await openPartner()
    const first = await deliver(verhuurder, body, form, key)
    t.equal(first.statusCode, 201)
    t.equal(first.headers['idempotency-replayed'], undefined)
    const after = await countRows(hub)
    const zipped = await deliver(verhuurder, gzipSync(body), form, { ...key, ...gzip })
    for (const again of [await deliver(verhuurder, body, form, key), zipped]) {
      t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
      t.same(again.json(), first.json())
      t.equal(again.headers.location, first.headers.location)
    }
    t.same(await countRows(hub), after)
  }
)

t.test('the same key with one byte different is 422 and has no effect, plain or gzipped', async (t) => {
  const verhuurder = await openPartner()
  t.equal((await deliver(verhuurder, body, form, key)).statusCode, 201)
  const after = await countRows(hub)
  const other = body.replace('"huisnummer":7', '"huisnummer":8')
  t.equal(other.length, body.length)
  for (const answer of [
    await deliver(verhuurder, other, form, key),
    await deliver(verhuurder, `${body} `, form, key),
    await deliver(verhuurder, gzipSync(other), form, { ...key, ...gzip })
  ]) {
    t.match(answer.json(), { status: 422, type: '/v1/problemen/idempotentie-conflict' })
  }
  t.same(await countRows(hub), after)
})

t.test('without a key, or with a new one, known lines are unchanged and new ones are taken in', async (t) => {
  const verhuurder = await openPartner()
  const before = await countRows(hub)
  t.equal((await deliver(verhuurder, body, form, key)).statusCode, 201)
  const again = await deliver(verhuurder, body)
  t.match(again.json(), { aantalRegels: 20, aantalOpgenomen: 0, aantalOngewijzigd: 20, aantalAfgewezen: 0 })
  const more = await deliver(verhuurder, ndjson(manySignals(25)), form, { 'idempotency-key': 'nieuw' })
  t.match(more.json(), { aantalOpgenomen: 5, aantalOngewijzigd: 20 })
  const after = await countRows(hub)
  const added = (table: string) => after[table]! - before[table]!
  t.same(['vroegsignaal', 'verwerking', 'aanlevering'].map(added), [25, 25, 3])
})

t.test('a refused delivery is not remembered: mended, it may use the same key', async (t) => {
  const verhuurder = await openPartner()
  const before = await countRows(hub)
  t.equal((await deliver(verhuurder, '', form, key)).statusCode, 400)
  t.equal((await deliver(verhuurder, 'hobby\r\nx\r\n', 'text/csv', key)).statusCode, 400)
  t.same(await countRows(hub), before)
  const mended = await deliver(verhuurder, body, form, key)
  t.match(mended, { statusCode: 201, headers: { 'idempotency-replayed': undefined } })
})

t.test('one delivery of a partner runs at a time: the second is 409 with Retry-After', async (t) => {
  const verhuurder = await openPartner()
  const running = beginDelivery(url, verhuurder.token, key)
  running.write(ndjson(manySignals(600)))
  await untilWriting(hub)
  for (const headers of [key, {}]) {
    const second = await deliver(verhuurder, body, form, headers)
    t.match(second.json(), { status: 409, type: '/v1/problemen/aanlevering-loopt-al' })
    t.match(second.headers['retry-after'], /^[1-9][0-9]*$/)
  }
  t.equal((await running.end()).status, 201)
  t.equal((await deliver(verhuurder, body)).statusCode, 201, 'then it is its turn')
})

t.test('two deliveries run at once in a process: a third is 503 with Retry-After', async (t) => {
  const verhuurder = await openPartner()
  const second = await openPartner()
  const third = await openPartner()
  const running = [verhuurder, second].map(({ token }) => beginDelivery(url, token))
  for (const [index, delivery] of running.entries()) delivery.write(ndjson(manySignals(600, `P${index}`)))
  await untilWriting(hub, 2)
  const refused = await deliver(third, body)
  t.match(refused.json(), { status: 503, type: '/v1/problemen/tijdelijk-niet-beschikbaar' })
  t.match(refused.headers['retry-after'], /^[1-9][0-9]*$/)
  const replies = await Promise.all(running.map((delivery) => delivery.end()))
  t.match(replies, [{ status: 201 }, { status: 201 }])
  t.equal((await deliver(third, body)).statusCode, 201)
})

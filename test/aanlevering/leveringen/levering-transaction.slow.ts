import { gzipSync } from 'node:zlib'
import t from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { kept, recounted } from '../../huishoudens/recount.ts'
import {
  beginDelivery,
  countRows,
  deliver,
  linesOf,
  listen,
  manySignals,
  ndjson,
  untilQuiet,
  untilWriting
} from './deliveries.ts'

type Tap = Parameters<typeof openTestHub>[0]

async function openHub(t: Tap) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  return { hub, raalte, verhuurder, url: await listen(hub) }
}

const signals = manySignals(1200)
const [firstHalf, secondHalf] = [ndjson(signals.slice(0, 700)), ndjson(signals.slice(700))]

t.test('nothing of a delivery is visible before it commits, and all of it after', async (t) => {
  const { hub, raalte, verhuurder, url } = await openHub(t)
  const before = await countRows(hub)
  const delivery = beginDelivery(url, verhuurder.token, { 'idempotency-key': 'maand' })
  delivery.write(firstHalf)
  await untilWriting(hub)
  t.same((await verhuurder.get('/v1/vroegsignalen')).json().resultaten, [])
  t.same((await raalte.get('/v1/vroegsignalen')).json().resultaten, [])
  t.same((await raalte.get('/v1/huishoudens')).json().resultaten, [])
  t.same(await countRows(hub), before, 'nor to the operator of the database')

  const { status, json, headers } = await delivery.end(secondHalf)
  t.equal(status, 201)
  t.match(json, { aantalRegels: 1200, aantalOpgenomen: 1200, aantalAfgewezen: 0, aantalOngewijzigd: 0 })
  t.equal(headers.location, `/v1/aanleveringen/${json.id}`)
  const households = (await raalte.get('/v1/huishoudens?limit=1000')).json().resultaten
  t.equal(households.length, 50)
  t.ok(households.every(({ aantalSignalen }: { aantalSignalen: number }) => aantalSignalen === 24))
  const after = await countRows(hub)
  t.match(after, { vroegsignaal: 1200, aanlevering: 1, aanlevering_deel: 3, idempotentie: 1 })
  t.match(after, { huishouden: 50, huishouden_markering: 0 })
  t.equal((await linesOf(verhuurder, String(json.id))).length, 1200)
})

t.test('a client cut off half way leaves nothing, and its next delivery works at once', async (t) => {
  const { hub, verhuurder, url } = await openHub(t)
  const before = await countRows(hub)
  const others = [await hub.signaalpartner(['huur'], ['0177']), await hub.signaalpartner(['huur'], ['0177'])]
  for (let turn = 0; turn < 3; turn += 1) {
    const delivery = beginDelivery(url, verhuurder.token, { 'idempotency-key': 'maand' })
    delivery.write(firstHalf)
    await untilWriting(hub)
    delivery.cut()
    await t.rejects(delivery.reply)
    await untilQuiet(hub)
    t.same(await countRows(hub), before)
  }
  const places = await Promise.all(others.map((other) => deliver(other, ndjson(manySignals(3)))))
  t.same(
    places.map(({ statusCode }) => statusCode),
    [201, 201],
    'both places of the gate are free'
  )
  const again = await beginDelivery(url, verhuurder.token, { 'idempotency-key': 'maand' }).end(
    firstHalf + secondHalf
  )
  t.match(again, { status: 201, json: { aantalOpgenomen: 1200 } })
  t.equal(again.headers['idempotency-replayed'], undefined)
})

t.test('a session that the database ends half way: 503 problem+json, nothing is left', async (t) => {
  const { hub, verhuurder, url } = await openHub(t)
  const before = await countRows(hub)
  const delivery = beginDelivery(url, verhuurder.token, { 'idempotency-key': 'maand' })
  delivery.write(firstHalf)
  const [session] = await untilWriting(hub)
  await hub.admin('select pg_terminate_backend($1)', [session])
  const { status, headers, json } = await delivery.end(secondHalf)
  t.equal(status, 503)
  t.match(headers['content-type'], /^application\/problem\+json/)
  t.match(json, { type: '/v1/problemen/tijdelijk-niet-beschikbaar' })
  t.ok(Number(headers['retry-after']) > 0)
  t.same(await countRows(hub), before)
  const again = await beginDelivery(url, verhuurder.token, { 'idempotency-key': 'maand' }).end(
    firstHalf + secondHalf
  )
  t.match(again, { status: 201, json: { aantalOpgenomen: 1200 } })
})

t.test('a delivery that is refused half way has its answer read by whoever still sends', async (t) => {
  const { hub, verhuurder, url } = await openHub(t)
  const before = await countRows(hub)
  const bomb = beginDelivery(url, verhuurder.token, { 'content-encoding': 'gzip' })
  bomb.write(gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)))
  for (let n = 0; n < 40; n += 1) bomb.write(Buffer.alloc(100_000))
  t.match(await bomb.reply, { status: 413, json: { type: '/v1/problemen/te-groot' } })

  const misnamed = beginDelivery(url, verhuurder.token, { 'content-type': 'text/csv' })
  misnamed.write('hobby;referentie\r\n')
  for (let n = 0; n < 40; n += 1) misnamed.write('zwemmen;R-1\r\n'.repeat(10_000))
  t.match(await misnamed.reply, { status: 400, json: { errors: [{ location: '/1/1' }] } })
  await untilQuiet(hub)
  t.same(await countRows(hub), before)
  t.equal((await deliver(verhuurder, firstHalf)).statusCode, 201, 'and the gate is free')
})

t.test('singles of the same partner and of others go on beside a delivery, and see none of it', async (t) => {
  const { hub, raalte, verhuurder, url } = await openHub(t)
  const neighbour = await hub.signaalpartner(['huur'], ['0177'])
  const delivery = beginDelivery(url, verhuurder.token)
  delivery.write(firstHalf)
  await untilWriting(hub)
  const single = (referentie: string) => aSignal({ referentie, adres: { huisnummer: 1 } })
  const answers = await Promise.all(
    [verhuurder, neighbour].flatMap((party) =>
      ['A', 'B', 'C'].map((name) => party.post('/v1/vroegsignalen', single(name)))
    )
  )
  t.ok(answers.every(({ statusCode }) => statusCode === 201))
  const [household, ...more] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.same(more, [])
  t.match(household, { aantalSignalen: 6, aantalSignaalpartners: 2 })
  t.equal((await delivery.end(secondHalf)).status, 201)
  const later = (await raalte.get('/v1/huishoudens?limit=1000')).json().resultaten
  t.equal(
    later.find(({ id }: { id: string }) => id === household.id).aantalSignalen,
    30,
    'the same household'
  )
  t.same(await kept(hub), await recounted(hub))
})

t.test('a single with a reference of a running delivery waits in vain, but not its neighbours', async (t) => {
  const { hub, verhuurder, url } = await openHub(t)
  const delivery = beginDelivery(url, verhuurder.token)
  delivery.write(firstHalf)
  await untilWriting(hub)
  const posts = [signals[0]!, aSignal({ referentie: 'VRIJ' })]
  const [contested, free] = await Promise.all(posts.map((one) => verhuurder.post('/v1/vroegsignalen', one)))
  t.equal(contested!.statusCode, 503)
  t.ok(contested!.headers['retry-after'])
  t.equal(free!.statusCode, 201)
  t.equal((await delivery.end(secondHalf)).status, 201)
  t.equal((await verhuurder.post('/v1/vroegsignalen', signals[0]!)).statusCode, 200, 'then it stands')
})

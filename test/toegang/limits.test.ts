import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { openLogger } from '../../src/platform/http/logger.ts'
import { type HubLimits, openHub } from '../../src/toegang/hub.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party } from '../helpers/test-hub.ts'

const hub = await openTestHub(t)
const raalte = await hub.gemeente('0177')
const olst = await hub.gemeente('1773')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const few = { verzoeken: 3, aanleveren: 5, zoekvragen: 0 }

/** Another instance on the same database, with limits of its own. */
async function instance(t: Test, limits: HubLimits, load?: Parameters<typeof buildApp>[0]['load']) {
  const app = await buildApp({
    hub: openHub({ ...hub.hub, limits }),
    logger: openLogger('silent'),
    isReady: async () => true,
    ...(load && { load })
  })
  t.teardown(() => app.close())
  const send = (party: Party, method: 'GET' | 'POST', url: string, payload?: object) =>
    app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${party.token}` },
      ...(payload && { payload })
    })
  return { app, send }
}

const search = { adres: { postcode: '8101AA', huisnummer: 10 } }

t.test('a client that asks too much is 429 with when to come back, and nobody else is', async (t) => {
  const { send } = await instance(t, few)
  const read = () => send(raalte, 'GET', '/v1/huishoudens')
  const left = []
  for (let n = 0; n < 3; n += 1) {
    const { statusCode, headers } = await read()
    t.equal(statusCode, 200)
    t.equal(headers['ratelimit-policy'], '"verzoeken";q=3;w=10')
    left.push(/^"verzoeken";r=(\d);t=\d+$/.exec(String(headers.ratelimit))?.[1])
  }
  t.same(left, ['2', '1', '0'])
  const refused = await read()
  t.match(refused.json(), { status: 429, type: '/v1/problemen/te-veel-verzoeken' })
  t.match(refused.headers['retry-after'], /^([1-9]|10)$/)
  t.equal(refused.headers.ratelimit, `"verzoeken";r=0;t=${refused.headers['retry-after']}`)
  t.equal((await send(olst, 'GET', '/v1/huishoudens')).statusCode, 200)
})

t.test('signals that come in one by one are counted apart', async (t) => {
  const { send } = await instance(t, few)
  const statuses = []
  for (let n = 0; n < 6; n += 1) {
    const signal = aSignal({ referentie: `L-${n}`, klantnummer: `L-${n}` })
    statuses.push((await send(verhuurder, 'POST', '/v1/vroegsignalen', signal)).statusCode)
  }
  t.same(statuses, [201, 201, 201, 201, 201, 429])
  t.equal((await send(verhuurder, 'GET', '/v1/vroegsignalen')).statusCode, 200)
})

t.test('zero is no limit', async (t) => {
  const { send } = await instance(t, { verzoeken: 0, aanleveren: 0, zoekvragen: 0 })
  for (let n = 0; n < 20; n += 1) {
    const { statusCode, headers } = await send(raalte, 'POST', '/v1/huishoudens/_zoek', search)
    t.equal(statusCode, 200)
    t.notOk('ratelimit' in headers)
  }
})

t.test('look-ups of residents have an end for the day, exactly, over all instances', async (t) => {
  await hub.admin('delete from dagverbruik')
  const limits = { verzoeken: 0, aanleveren: 0, zoekvragen: 7 }
  const [one, two] = [await instance(t, limits), await instance(t, limits)]
  const looks = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? one.send(raalte, 'POST', '/v1/huishoudens/_zoek', search)
        : two.send(raalte, 'POST', '/v1/vroegsignalen/_zoek', search)
    )
  )
  const statuses = looks.map(({ statusCode }) => statusCode).sort()
  t.same(statuses, [...Array(7).fill(200), ...Array(13).fill(429)])
  const person = { naam: { geslachtsnaam: 'Dijk' }, ...search }
  const refused = await two.send(raalte, 'POST', '/v1/inzageverzoeken', person)
  t.match(refused.json(), { status: 429, detail: /vandaag al 7 keer/ })
  t.equal(refused.headers['retry-after'], String(14 * 3_600), 'at midnight in the Netherlands')
  t.equal((await one.send(raalte, 'GET', '/v1/huishoudens')).statusCode, 200, 'its list goes on')
  t.equal((await one.send(olst, 'POST', '/v1/huishoudens/_zoek', search)).statusCode, 200)

  hub.setClock('2026-11-20T23:00:00Z')
  t.equal((await one.send(raalte, 'POST', '/v1/huishoudens/_zoek', search)).statusCode, 200, 'the next day')
  hub.setClock('2026-11-20T09:00:00Z')
})

t.test('a look-up that fails costs nothing', async (t) => {
  await hub.admin('delete from dagverbruik')
  const { send } = await instance(t, { verzoeken: 0, aanleveren: 0, zoekvragen: 1 })
  t.equal((await send(raalte, 'POST', '/v1/huishoudens/_zoek', {})).statusCode, 400)
  t.equal((await send(raalte, 'POST', '/v1/huishoudens/_zoek', search)).statusCode, 200)
  t.equal((await send(raalte, 'POST', '/v1/huishoudens/_zoek', search)).statusCode, 429)
})

t.test('a trial of a signal is a look-up too', async (t) => {
  await hub.admin('delete from dagverbruik')
  const { send } = await instance(t, { verzoeken: 0, aanleveren: 0, zoekvragen: 2 })
  const tried = []
  for (let n = 0; n < 3; n += 1)
    tried.push((await send(verhuurder, 'POST', '/v1/proefbeoordelingen', aSignal())).statusCode)
  t.same(tried, [200, 200, 429])
})

t.test('what anyone may call is limited by address', async (t) => {
  const { app } = await instance(t, few)
  const ask = (remoteAddress: string) =>
    app.inject({ method: 'GET', url: '/v1/problemen/te-groot', remoteAddress })
  const first = await ask('192.0.2.1')
  t.equal(first.headers['ratelimit-policy'], '"adres";q=3000;w=60')
  for (let n = 1; n < 3_000; n += 1) await ask('192.0.2.1')
  t.equal((await ask('192.0.2.1')).statusCode, 429)
  t.equal((await ask('192.0.2.2')).statusCode, 200)
  const live = await app.inject({ method: 'GET', url: '/health/live', remoteAddress: '192.0.2.1' })
  t.equal(live.statusCode, 200)
})

t.test('a process that is too busy says so, and still says that it lives', async (t) => {
  const { app, send } = await instance(t, few, { maxEventLoopDelay: 0, maxHeapUsedBytes: 1 })
  // It measures twice a second.
  await sleep(700)
  const busy = await send(raalte, 'GET', '/v1/huishoudens')
  t.match(busy.json(), { status: 503, type: '/v1/problemen/tijdelijk-niet-beschikbaar' })
  t.equal(busy.headers['retry-after'], '5')
  t.equal((await app.inject({ method: 'GET', url: '/health/live' })).statusCode, 200)
})

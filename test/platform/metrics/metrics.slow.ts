import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { deliver, manySignals, ndjson } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub, type TestHub } from '../../helpers/test-hub.ts'
import { type Samples, samplesIn } from './samples.ts'

const prometheus =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

// The text is made at most once a second.
async function scrape(hub: TestHub): Promise<{ text: string; samples: Samples }> {
  await sleep(1_050)
  const answer = await hub.call({ method: 'GET', url: '/metrics', headers: { accept: prometheus } })
  return { text: answer.body, samples: samplesIn(answer.body) }
}

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  return { hub, raalte, verhuurder }
}

t.test('Prometheus gets its text without a token, and others what they ask or 406', async (t) => {
  const { hub } = await openHub(t)
  const get = (headers: Record<string, string> = {}) => hub.call({ method: 'GET', url: '/metrics', headers })
  for (const headers of [{}, { accept: prometheus }, { accept: 'text/plain' }, { accept: '*/*' }]) {
    const { statusCode, headers: said, body } = await get(headers)
    t.equal(statusCode, 200)
    t.equal(said['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    t.equal(said['cache-control'], 'no-store')
    t.match(body, /^# TYPE signaalhub_http_request_duration_seconds histogram$/m)
  }
  t.equal((await get({ accept: 'application/json' })).statusCode, 406)
  t.equal((await get({ 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip')
  t.equal((await hub.call({ method: 'POST', url: '/metrics' })).statusCode, 405)
  t.equal((await hub.call({ method: 'GET', url: '/metrics?x=1' })).statusCode, 200)
  t.notOk(JSON.stringify(hub.app.swagger()).includes('/metrics'), 'it is no operation of the API')
})

t.test('signals are counted once, when they are committed, whichever way they came', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const count = async (weg: string) => {
    const { samples } = await scrape(hub)
    const of = (uitkomst: string) =>
      samples.get(`signaalhub_vroegsignalen_total{weg="${weg}",uitkomst="${uitkomst}"}`)
    return [of('opgenomen'), of('ongewijzigd'), of('afgewezen')]
  }
  t.same(await count('enkel'), [0, 0, 0], 'they are there before anything came')
  const signal = aSignal({ referentie: 'EEN' })
  const key = { 'idempotency-key': 'een' }
  t.equal((await verhuurder.post('/v1/vroegsignalen', signal, key)).statusCode, 201)
  t.equal((await verhuurder.post('/v1/vroegsignalen', signal, key)).statusCode, 201, 'a repeat')
  t.equal((await verhuurder.post('/v1/vroegsignalen', signal)).statusCode, 200)
  const poor = aSignal({ referentie: 'TWEE', socialeIncasso: { herinneringen: [], reactie: 'geen' } })
  const refusal = await verhuurder.post('/v1/vroegsignalen', poor)
  t.equal(refusal.statusCode, 422)
  const other = aSignal({ referentie: 'EEN', achterstand: { bedragInCenten: 90_000 } })
  t.equal((await verhuurder.post('/v1/vroegsignalen', other)).statusCode, 409)
  t.equal((await verhuurder.post('/v1/proefbeoordelingen', poor)).statusCode, 200)
  t.same(await count('enkel'), [1, 2, 2])

  const lines = `${ndjson([...manySignals(20), signal, poor])}{"referentie":"DRIE"}\n`
  const delivered = await deliver(verhuurder, lines, 'application/x-ndjson', key)
  t.equal(delivered.statusCode, 201)
  t.equal(
    (await deliver(verhuurder, lines, 'application/x-ndjson', key)).headers['idempotency-replayed'],
    'true'
  )
  t.same(await count('aanlevering'), [20, 1, 2])

  const { samples } = await scrape(hub)
  const refused = (weg: string, criterium: string) =>
    samples.get(`signaalhub_afwijzingen_total{weg="${weg}",criterium="${criterium}"}`)
  const slugs: string[] = refusal.json().errors.map(({ code }: { code: string }) => code)
  t.ok(slugs.length > 1)
  for (const slug of slugs) t.same([refused('enkel', slug), refused('aanlevering', slug)], [1, 1], slug)
  t.equal(refused('enkel', 'referentie-bestaat'), 1)
  t.ok(refused('aanlevering', 'vorm')! > 0)
})

t.test('requests are measured by the pattern of their route', async (t) => {
  const { hub, raalte, verhuurder } = await openHub(t)
  const { id } = (await verhuurder.post('/v1/vroegsignalen', aSignal())).json()
  await raalte.get(`/v1/vroegsignalen/${id}`)
  await raalte.get(`/v1/vroegsignalen/${id.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'))}`)
  const { text, samples } = await scrape(hub)
  const of = (status: string) =>
    samples.get(
      `signaalhub_http_request_duration_seconds_count{method="GET",route="/v1/vroegsignalen/:id",status="${status}"}`
    )
  t.same([of('2xx'), of('4xx'), of('5xx')], [1, 1, undefined])
  t.notOk(text.includes(id))
  const sum = samples.get(
    'signaalhub_http_request_duration_seconds_sum{method="POST",route="/v1/vroegsignalen",status="2xx"}'
  )!
  t.ok(sum > 0 && sum < 30, 'in seconds')
})

t.test('who tries every path and method makes no series of them', async (t) => {
  const { hub } = await openHub(t)
  const before = (await scrape(hub)).samples.size
  for (let n = 0; n < 40; n += 1) await hub.call({ method: 'GET', url: `/v1/kanarie-${n}` })
  for (const url of ['/', '/metrics', '/health/live', '/v1/criteria', '/v1/gemeenten'])
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])
      await hub.call({ method, url }).catch(() => undefined)
  const { text, samples } = await scrape(hub)
  const routes = new Set([...text.matchAll(/route="([^"]+)"/g)].map(([, route]) => route))
  t.ok(routes.has('unknown'))
  t.notMatch(text, 'kanarie')
  const perSeries = 15
  t.ok(samples.size - before <= 8 * perSeries, `${samples.size - before} more`)
})

t.test('failed logins are counted by error', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const login = (body: Record<string, string>) =>
    hub.call({
      method: 'POST',
      url: '/oauth/token',
      headers: form,
      payload: new URLSearchParams({ grant_type: 'client_credentials', ...body }).toString()
    })
  const { clientId: client_id } = verhuurder
  for (const client_secret of ['a', 'b']) await login({ client_id, client_secret })
  await login({ client_id, client_secret: verhuurder.clientSecret, scope: 'beheer' })
  const { text, samples } = await scrape(hub)
  t.equal(samples.get('signaalhub_failed_logins_total{error="invalid_client"}'), 2)
  t.equal(samples.get('signaalhub_failed_logins_total{error="invalid_scope"}'), 1)
  t.notMatch(text, client_id)
})

t.test('a follower that is behind shows', async (t) => {
  const { hub, raalte, verhuurder } = await openHub(t)
  await deliver(verhuurder, ndjson(manySignals(30, 'R', 30)))
  const first = (await raalte.get('/v1/huishoudens/_deltas?limit=20')).json()
  const second = (await raalte.get(`/v1/huishoudens/_deltas?limit=20&after=${first.stateId}`)).json()
  await raalte.get(`/v1/huishoudens/_deltas?limit=20&after=${second.stateId}`)
  const { samples } = await scrape(hub)
  t.equal(samples.get('signaalhub_deltas_answers_total{rest="ja"}'), 1)
  t.equal(samples.get('signaalhub_deltas_answers_total{rest="nee"}'), 2)
})

t.test('nobody is in the metrics: no resident, municipality, partner, client or id', async (t) => {
  const { hub, raalte, verhuurder } = await openHub(t)
  const canary = {
    referentie: 'FLUIT-2026-88321',
    betrokkene: { naam: { geslachtsnaam: 'Kanariegeelvink' } },
    adres: { straat: 'Zangvogelstraatje', postcode: '8102ZZ' }
  }
  const { id } = (await verhuurder.post('/v1/vroegsignalen', aSignal(canary))).json()
  await deliver(verhuurder, ndjson([aSignal({ ...canary, gemeentecode: '0150' })]))
  await raalte.get('/v1/huishoudens')
  await raalte.get(`/v1/vroegsignalen?kanarie=Kanariegeelvink`)
  await raalte.get('/v1/Kanariegeelvink/8102ZZ')
  await hub.call({ method: 'GET', url: `/v1/gemeenten/0177`, headers: { 'user-agent': 'Kanariegeelvink' } })
  await hub.call({ method: 'POST', url: '/oauth/token', headers: form, payload: 'client_id=Kanariegeelvink' })
  // Without its numbers: any of those may happen to hold the digits of a code.
  const text = (await scrape(hub)).text.replaceAll(/ [\d.e+-]+$/gm, '')
  const secrets = ['Kanarie', 'Zangvogel', '8102ZZ', 'FLUIT', '0177', '0150', id, verhuurder.id]
  for (const secret of [...secrets, verhuurder.clientId, raalte.clientId]) t.notMatch(text, secret, secret)
  const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label))
  const known = ['method', 'route', 'status', 'le', 'weg', 'uitkomst', 'criterium', 'rest', 'error', 'result']
  t.same([...labels].sort(), known.sort(), 'and no other label')
})

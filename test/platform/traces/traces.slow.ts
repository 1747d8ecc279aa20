import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { aSignalFor } from '../../helpers/builders.ts'
import { startSecondHub } from '../../helpers/start-second-hub.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { guisesOf } from '../../verantwoording/traces.ts'
import { attributesOf, openCollector } from './collector.ts'

const now = '2026-11-20T09:00:00Z'
// A variable of OpenTelemetry itself, which its library reads.
process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=oefening'
const canary = {
  referentie: 'FLUIT-2026-88321',
  klantnummer: 'KOOI-5519-773',
  betrokkene: {
    naam: { geslachtsnaam: 'Kanariegeelvink' },
    burgerservicenummer: '999993653',
    geboortedatum: '1979-03-07',
    emailadres: 'vink.kanarie@voliere-post.example'
  },
  adres: { straat: 'Zangvogelstraatje', postcode: '8102ZZ', woonplaats: 'Vogelzangdorp' }
}

async function openTracedHub(t: Test, settings: Record<string, string>) {
  const first = await openTestHub(t, { now })
  const raalte = await first.gemeente('0177')
  const partner = await first.signaalpartner(['zorgverzekering'], ['0177'])
  const { databaseUrl, sleutelDatabaseUrl } = first.databases
  const hub = await startSecondHub(t, first, { databaseUrl, sleutelDatabaseUrl, now, settings })
  await hub.isReady
  return { hub, raalte, partner }
}

t.test(
  'each request is a span of its caller’s trace, with its transactions and no data of anybody',
  async (t) => {
    const collector = await openCollector(t)
    const { hub, raalte, partner } = await openTracedHub(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/otlp/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi'
    })
    const posted = await hub.post(partner, '/v1/vroegsignalen', aSignalFor('zorgverzekering', canary))
    t.equal(posted.status, 201)
    const { id } = JSON.parse(posted.body)
    await hub.get(raalte, `/v1/vroegsignalen/${id}`)
    await hub.post(raalte, '/v1/vroegsignalen/_zoek', { burgerservicenummer: '999993653' })
    await hub.get(raalte, '/v1/huishoudens?Kanariegeelvink=8102ZZ')
    await hub.get(raalte, '/v1/Kanariegeelvink/8102ZZ')
    const [traceId, parentSpanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
    const traced = await fetch(`${hub.url}/v1/gemeenten/Kanariegeelvink`, {
      headers: {
        traceparent: `00-${traceId}-${parentSpanId}-00`,
        tracestate: 'vink=Kanariegeelvink',
        baggage: 'naam=Kanariegeelvink',
        'user-agent': 'Kanariegeelvink'
      }
    })
    const [, ofAnswer, spanId, flags] = traced.headers.get('traceresponse')!.split('-')
    t.same([ofAnswer, flags], [traceId, '01'])

    const [own] = await collector.until(1, (span) => span.spanId === spanId)
    t.match(own, {
      traceId,
      parentSpanId,
      name: 'GET /v1/gemeenten/:gemeentecode',
      kind: 2,
      status: { code: 0 }
    })
    t.same(attributesOf(own!), {
      'http.request.method': 'GET',
      'http.response.status_code': 401,
      'http.route': '/v1/gemeenten/:gemeentecode',
      'signaalhub.probleem': 'niet-ingelogd'
    })
    const seconds = (nano: string) => Number(nano) / 1e9
    t.ok(Math.abs(seconds(own!.endTimeUnixNano) - Date.now() / 1000) < 60, 'by the real clock')
    const took = seconds(own!.endTimeUnixNano) - seconds(own!.startTimeUnixNano)
    t.ok(took >= 0 && took < 30)

    const names = collector.spans().map(({ name }) => name)
    for (const name of ['POST /v1/vroegsignalen', 'GET /v1/vroegsignalen/:id', 'POST /oauth/token', 'GET'])
      t.ok(names.includes(name), name)
    const [look] = collector.spans().filter(({ name }) => name === 'GET /v1/vroegsignalen/:id')
    const parts = collector.spans().filter((span) => span.parentSpanId === look!.spanId)
    t.ok(parts.some(({ name }) => name === 'transaction gemeente'))
    for (const part of parts) {
      t.equal(part.traceId, look!.traceId)
      t.equal(part.kind, 3)
      t.same(Object.keys(attributesOf(part)), ['db.system.name', 'signaalhub.duty', 'signaalhub.end'])
    }
    const search = collector.spans().find(({ name }) => name === 'POST /v1/vroegsignalen/_zoek')!
    t.ok(
      collector.spans().some(({ parentSpanId }) => parentSpanId === search.spanId),
      'also behind a body'
    )

    for (const { url, headers } of collector.requests) {
      t.equal(url, '/otlp/v1/traces')
      t.match(headers, { 'content-type': 'application/json', authorization: 'Basic YTpi' })
    }
    const everything = JSON.stringify(collector.requests)
    const { naam, ...rest } = canary.betrokkene
    const values = [canary.referentie, canary.klantnummer, naam.geslachtsnaam, ...Object.values(rest)]
    for (const value of [...values, ...Object.values(canary.adres)])
      for (const guise of guisesOf(value)) t.notOk(everything.includes(guise), guise)
    for (const secret of [id, '0177', raalte.clientId, partner.clientId, partner.id, 'select'])
      t.notOk(everything.includes(secret), secret)
    for (const known of ['signaalhub', 'oefening']) t.match(everything, known)

    const text = await (await fetch(`${hub.url}/metrics`)).text()
    t.match(text, /^signaalhub_spans_total\{result="sent"\} [1-9]/m)
    t.match(text, /^signaalhub_spans_total\{result="failed"\} 0$/m)
  }
)

t.test('what is still there at the end is sent then', async (t) => {
  const collector = await openCollector(t)
  const { hub, raalte } = await openTracedHub(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
  await collector.until(1, () => true)
  await hub.get(raalte, '/v1/huishoudens')
  await hub.stop()
  t.ok(collector.spans().some(({ name }) => name === 'GET /v1/huishoudens'))
})

t.test('a share of the traces, or none at all', async (t) => {
  const collector = await openCollector(t)
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_TRACES_SAMPLER_ARG: '0.5' }
  const { hub } = await openTracedHub(t, settings)
  const ask = async (first: string) => {
    const traceparent = `00-${first}${'1'.repeat(24)}-1111111111111111-01`
    const answer = await fetch(`${hub.url}/v1/criteria`, { headers: { traceparent } })
    return answer.headers.get('traceresponse')!.slice(-2)
  }
  t.equal(await ask('7fffffff'), '01')
  t.equal(await ask('80000000'), '00')
  await collector.until(1, ({ name }) => name === 'GET /v1/criteria')
  await hub.stop()
  t.same(
    collector
      .spans()
      .filter(({ name }) => name === 'GET /v1/criteria')
      .map(({ traceId }) => traceId.slice(0, 8)),
    ['7fffffff']
  )
  const off = await openTracedHub(t, {})
  const answer = await fetch(`${off.hub.url}/v1/criteria`)
  t.match(answer.headers.get('traceresponse'), /-00$/)
})

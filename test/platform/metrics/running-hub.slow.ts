import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { aSignal } from '../../helpers/builders.ts'
import { startSecondHub } from '../../helpers/start-second-hub.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { startServer } from '../server-process.ts'
import { makeGate, throughGate } from '../tcp-gate.ts'
import { selectedIn } from './promql.ts'
import { type Samples, samplesIn } from './samples.ts'

type Rule = { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }
type Panel = { id: number; title: string; description: string; targets: { expr: string }[] }

const folder = new URL('../../../src/platform/metrics/', import.meta.url)
const alerts = parse(readFileSync(new URL('alerts.yml', folder), 'utf8')) as { groups: { rules: Rule[] }[] }
const dashboard = JSON.parse(readFileSync(new URL('dashboard.json', folder), 'utf8')) as { panels: Panel[] }

async function scrape(url: string): Promise<Samples> {
  await sleep(1_050)
  return samplesIn(await (await fetch(url)).text())
}

async function until(url: string, series: string, wanted: number): Promise<Samples> {
  for (let turn = 0; turn < 20; turn += 1) {
    const samples = await scrape(url)
    if (samples.get(series) === wanted) return samples
  }
  throw new Error(`${series} never became ${wanted}`)
}

/** Starts a hub, behind a gate to its database, with a listener for its metrics. */
async function startHub(t: Test, settings: Record<string, string> = {}) {
  const databases = await createTestDatabases()
  t.teardown(databases.drop)
  const gate = await makeGate(databases.databaseUrl)
  await gate.open()
  t.teardown(gate.shut)
  const server = startServer(t, {
    DATABASE_URL: throughGate(databases.databaseUrl, gate),
    SLEUTEL_DATABASE_URL: databases.sleutelDatabaseUrl,
    KEK: randomBytes(32).toString('base64'),
    ...settings
  })
  return { server, gate }
}

t.test('the metrics have a listener of their own where a setting says so', async (t) => {
  const { server, gate } = await startHub(t, { METRICS_PORT: '0' })
  const { url } = await server.said('gereed')
  const { url: metrics = '' } = await server.said('metrics')
  t.match(metrics, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  t.equal((await fetch(`${url}/metrics`)).status, 404, 'and are no longer public')
  const answer = await fetch(metrics)
  t.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  samplesIn(await answer.text())
  const statusOf = async (path: string, method = 'GET') =>
    (await fetch(new URL(path, metrics), { method })).status
  t.equal(await statusOf('/metrics?name[]=up'), 200)
  t.equal(await statusOf('/metrics', 'HEAD'), 200)
  t.equal(await statusOf('/metrics', 'POST'), 405)
  for (const path of ['/', '/metrics/', '/v1/criteria', '/health/ready', '/..%2fmetrics'])
    t.equal(await statusOf(path), 404, path)

  await until(metrics, 'signaalhub_ready', 1)
  await gate.shut()
  const began = performance.now()
  const away = await until(metrics, 'signaalhub_database_up', 0)
  t.ok(performance.now() - began < 15_000)
  t.equal(away.get('signaalhub_ready'), 0)
  t.equal(away.get('signaalhub_markeringen_waiting'), undefined, 'what is not known is not shown')
  t.ok(away.has('signaalhub_pool_waiting{pool="database"}'), 'the rest is')
  const asked = performance.now()
  await Promise.all(Array.from({ length: 50 }, () => fetch(metrics).then((one) => one.text())))
  t.ok(performance.now() - asked < 5_000, 'and who asks does not wait for it')
  await gate.open()
  await until(metrics, 'signaalhub_database_up', 1)
  gate.silence(40)
  const hung = performance.now()
  await until(metrics, 'signaalhub_database_up', 0)
  t.ok(performance.now() - hung < 15_000, 'a database that hangs is noticed too')
  await until(metrics, 'signaalhub_database_up', 1)
  t.ok((await until(metrics, 'signaalhub_ready', 1)).has('signaalhub_markeringen_waiting'))
  t.equal(await server.end('SIGTERM'), 0)
})

t.test('rules and dashboard ask for what a running hub shows', async (t) => {
  const { server } = await startHub(t)
  const { url } = await server.said('gereed')
  await fetch(`${url}/v1/vroegsignalen`, { method: 'POST' })
  await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'niemand' }) })
  const samples = await until(`${url}/metrics`, 'signaalhub_sweeps_total{result="done"}', 1)
  const series = [...samples.keys()].map((name) => {
    const labels = [...name.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value] as const)
    return { metric: name.split('{')[0]!, labels: new Map(labels) }
  })
  // What only shows when it has happened.
  const open = ['status', 'route', 'method', 'error', 'criterium']
  const expressions = [
    ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const))
  ]
  t.ok(expressions.length > 30)
  for (const [title, expression] of expressions) {
    const selected = selectedIn(expression.replaceAll('$__rate_interval', '5m'))
    t.ok(selected.length > 0, title)
    for (const { metric, labels, equals } of selected) {
      // Refusals need a partner with an agreement; the counter is there without its series.
      const isOpen = metric === 'signaalhub_afwijzingen_total'
      const ofMetric = series.filter((one) => one.metric === metric)
      t.equal(ofMetric.length > 0, !isOpen, `${title}: ${metric}`)
      for (const label of labels)
        t.ok(isOpen || ofMetric.some((one) => one.labels.has(label)), `${title}: ${metric}{${label}}`)
      for (const [label, value] of equals.filter(([label]) => !open.includes(label)))
        t.ok(
          ofMetric.some((one) => one.labels.get(label) === value),
          `${title}: ${label}=${value}`
        )
    }
  }
  const text = await (await fetch(`${url}/metrics`)).text()
  t.match(text, /^# TYPE signaalhub_afwijzingen_total counter$/m)
  t.notMatch(text, /version/, 'nobody is told what it runs on')
  t.equal(samples.get('signaalhub_keys_in_step'), 1)
})

t.test('what befalls signals is counted where the hub runs', async (t) => {
  const now = '2026-11-20T09:00:00Z'
  const first = await openTestHub(t, { now })
  const raalte = await first.gemeente('0177')
  const partner = await first.signaalpartner(['huur'], ['0177'])
  const { databaseUrl, sleutelDatabaseUrl } = first.databases
  const hub = await startSecondHub(t, first, { databaseUrl, sleutelDatabaseUrl, now })
  await hub.isReady
  const post = async (referentie: string, huisnummer: number) => {
    const signal = aSignal({ referentie, adres: { huisnummer } })
    return JSON.parse((await hub.post(partner, '/v1/vroegsignalen', signal)).body).id as string
  }
  const [spoilt, withdrawn] = [await post('EEN', 1), await post('TWEE', 2)]
  await first.admin('update vroegsignaal set inhoud = $1 where id = $2', [randomBytes(80), spoilt])
  t.equal((await hub.get(raalte, '/v1/vroegsignalen')).status, 200)
  const { status } = await hub.post(partner, `/v1/vroegsignalen/${withdrawn}/intrekkingen`, {
    reden: 'betaald'
  })
  t.equal(status, 201)
  const samples = await scrape(`${hub.url}/metrics`)
  t.equal(samples.get('signaalhub_vroegsignalen_unreadable_total'), 1)
  t.equal(samples.get('signaalhub_vroegsignalen_destroyed_total'), 1)
  t.equal(samples.get('signaalhub_vroegsignalen_total{weg="enkel",uitkomst="opgenomen"}'), 2)
  t.equal(samples.get('signaalhub_vroegsignalen_to_destroy'), 0)
  for (const task of ['matching', 'herleiding', 'herindeling', 'vernietiging']) {
    const last = samples.get(`signaalhub_task_last_success_timestamp_seconds{task="${task}"}`)!
    t.ok(Math.abs(Date.now() / 1000 - last) < 120, `${task}, by the real clock`)
  }
})

t.test('rules and dashboard say what to look at', async (t) => {
  const rules = alerts.groups.flatMap((group) => group.rules)
  t.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
  for (const { alert, labels, annotations } of rules) {
    t.match(alert, /^Signaalhub[A-Z]\w+$/)
    t.match(labels.severity, /^(critical|warning)$/, alert)
    t.match(annotations.summary, /^[A-Z].{20,}\.$/, alert)
  }
  t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
  for (const { title, description } of dashboard.panels) t.match(description, /.{15,}\./, title)
  t.throws(() => selectedIn('sum(rate(x[5m])'), 'what is no PromQL is found out')
})

t.test('a port for metrics that is taken ends the start, by name', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const { server } = await startHub(t, { METRICS_PORT: String(port) })
  await t.rejects(server.said('gereed'), { message: /ended with 1 .*METRICS_PORT: cannot listen on \d+/ })
})

t.test('in production the hub says that its metrics are public', async (t) => {
  const production = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://hub.example.nl',
    BEHEER_CLIENT_ID: 'beheer',
    BEHEER_CLIENT_SECRET: 'een-geheim-van-ten-minste-32-tekens'
  }
  for (const [METRICS_PORT, isSaid] of [
    ['', true],
    ['0', false]
  ] as const) {
    const { server } = await startHub(t, { ...production, METRICS_PORT })
    await server.said('gereed')
    t.equal(
      server.lines.some((line) => line.includes('METRICS_PORT: not set')),
      isSaid
    )
    await server.end('SIGTERM')
  }
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { openReceiver } from '../abonnementen/receiver.ts'
import { median } from '../bench/statistics.ts'
import { type Answer, must, openParty, type Party } from '../demo/open-party.ts'
import { aSignalFor } from '../helpers/builders.ts'
import { settings, spare } from './fault-settings.ts'
import { openFaultStage, type Participant } from './fault-stage.ts'
import { report, reportLoad } from './report.ts'
import { openSteadyLoad } from './steady-load.ts'

// The 25th of the month: the busiest hour of the whole country, some 20,000 signals, ten times over. Partners post and deliver
// them, municipalities follow and work, a midnight passes at which signals expire, and most receivers of events fail.
const seconds = settings.isWhole ? 600 : 30
const signalsPerSecond = 56
const perDelivery = 260
const deliveriesPerSecond = 0.1
const sectoren: Sector[] = [
  'huur',
  'zorgverzekering',
  'elektriciteit',
  'drinkwater',
  'huur',
  'zorgverzekering',
  'gas',
  'huur'
]
const gemeentecodes = Array.from({ length: 20 }, (_, n) => String(301 + n).padStart(4, '0'))

t.setTimeout(seconds * 1000 + 2 * spare)

const expiring = settings.isWhole ? 20_000 : 2_000
// A third of the way, the first signals expire; the hub's clock runs from a month before to past that midnight.
const [received, midnight] = ['2026-10-26T12:00:00Z', '2026-11-25T23:00:00Z']
const beforeMidnight = new Date(Date.parse(midnight) - (seconds / 3) * 1000).toISOString()

const stage = await openFaultStage(t)
const hub = await stage.addInstance({ ONTVANGERS_NETWERKEN: '127.0.0.1', VERNIETIGING_CRON: '* * * * *' })
await hub.start({ PROEF_KLOK: received })
const enrolled = await stage.enrol(
  hub.url,
  sectoren.map((sector, n) => ({ code: `P${n}`, sectoren: [sector] })),
  gemeentecodes
)
const asNdjson = { 'content-type': 'application/x-ndjson' }
let made = 0

t.test('a month earlier: signals that are kept for a month', async (t) => {
  const operator = await openParty(hub.url, stage.beheer)
  for (const gemeentecode of gemeentecodes) {
    const instellingen = { instellingen: { bewaartermijnMaanden: 1 } }
    await must(
      200,
      operator.call('PATCH', `/v1/gemeenten/${gemeentecode}`, instellingen, { 'if-match': '*' })
    )
  }
  const partner = await openParty(hub.url, enrolled.partners[0]!.credentials)
  const body = ndjson(Array.from({ length: expiring }, () => aSignal(0, received.slice(0, 10))))
  const delivered = await must(201, partner.call('POST', '/v1/aanleveringen', body, asNdjson))
  t.equal(delivered.aantalOpgenomen, expiring)
  t.equal(await hub.process().end('SIGTERM'), 0)
  await hub.start({ PROEF_KLOK: beforeMidnight })
})

t.test(
  'ten times the busiest hour of the country: each operation answers in time and nothing piles up',
  async (t) => {
    const opened = (all: readonly Participant[]) =>
      Promise.all(all.map(({ credentials }) => openRenewed(() => openParty(hub.url, credentials))))
    const partners = await opened(enrolled.partners)
    const gemeenten = await opened(enrolled.gemeenten)
    const receiver = await openReceiver(t)
    await subscribeAll(t, await Promise.all(gemeenten.slice(0, 8).map((party) => party())), receiver.url)

    const kept: { partner: number; id: string }[] = []
    const positions: (string | undefined)[] = gemeentecodes.map(() => undefined)
    const huishoudens: { gemeente: number; id: string }[] = []
    const zaken: { gemeente: number; id: string }[] = []
    const today = beforeMidnight.slice(0, 10)
    let turn = 0
    const next = (of: readonly unknown[]) => turn++ % of.length
    const load = openSteadyLoad()

    load.add('POST vroegsignalen', signalsPerSecond - perDelivery * deliveriesPerSecond, async () => {
      const partner = next(partners)
      const answer = await call(partners[partner]!, 'POST', '/v1/vroegsignalen', aSignal(partner, today))
      if (answer.status === 201) kept.push({ partner, id: answer.body.id })
      return answer.status
    })
    load.add(`POST aanleveringen (${perDelivery} regels)`, deliveriesPerSecond, async () => {
      const partner = next(partners)
      const body = ndjson(Array.from({ length: perDelivery }, () => aSignal(partner, today)))
      return (await call(partners[partner]!, 'POST', '/v1/aanleveringen', body, asNdjson)).status
    })
    load.add('POST intrekkingen', 1, async () => {
      const one = kept.shift()
      if (one === undefined) return undefined
      const path = `/v1/vroegsignalen/${one.id}/intrekkingen`
      return unlessGone(await call(partners[one.partner]!, 'POST', path, { reden: 'betaald' }))
    })
    load.add('GET vroegsignalen', 1, async () => {
      return (await call(partners[next(partners)]!, 'GET', '/v1/vroegsignalen?limit=100')).status
    })
    load.add('GET terugkoppelingen', 1, async () => {
      return (await call(partners[next(partners)]!, 'GET', '/v1/terugkoppelingen')).status
    })
    load.add('GET _deltas', 2, async () => {
      const gemeente = next(gemeenten)
      const after = positions[gemeente] === undefined ? '' : `&after=${positions[gemeente]}`
      const path = `/v1/huishoudens/_deltas?limit=500${after}`
      const { status, body } = await call(gemeenten[gemeente]!, 'GET', path)
      if (status !== 200) return status
      positions[gemeente] = body.stateId
      for (const { soort, huishoudenId } of body.deltas)
        if (soort === 'gewijzigd') huishoudens.push({ gemeente, id: huishoudenId })
      return status
    })
    load.add('GET huishoudens', 2, async () => {
      return (await call(gemeenten[next(gemeenten)]!, 'GET', '/v1/huishoudens?limit=100')).status
    })
    load.add('POST vroegsignaalzaken', 0.5, async () => {
      const one = huishoudens.pop()
      if (one === undefined) return undefined
      const body = { huishoudenId: one.id }
      const answer = await call(gemeenten[one.gemeente]!, 'POST', '/v1/vroegsignaalzaken', body)
      if (answer.status === 201) zaken.push({ gemeente: one.gemeente, id: answer.body.id })
      return unlessGone(answer)
    })
    load.add('POST contactpogingen', 0.5, async () => {
      const one = zaken[next(zaken)]
      if (one === undefined) return undefined
      const poging = { soort: 'telefoon', datum: today, bereikt: false }
      const path = `/v1/vroegsignaalzaken/${one.id}/contactpogingen`
      return unlessGone(await call(gemeenten[one.gemeente]!, 'POST', path, poging))
    })

    const watch = watchHub(seconds)
    const figures = await load.run(seconds)
    const seen = await watch

    for (const { operation, requests, errors, p99 } of figures) {
      t.ok(requests > 0, operation)
      t.same(errors, {}, operation)
      t.ok(
        p99 < (operation.startsWith('POST aanleveringen') ? 10_000 : 2_000),
        `${operation}: p99 of ${p99} ms`
      )
    }
    t.equal(seen.longestIdle, 0, 'no transaction stands open')
    const { early, late } = seen
    t.ok(late < early * 1.2 + 20, `memory went from ${early} to ${late} MB`)

    const isNone = (rows: string) => async () =>
      (await stage.admin(`select from ${rows} limit 1`)).length === 0
    const due = isNone("vroegsignaal where vernietigingsdatum <= '2026-11-26'")
    t.ok(await becomes(due, 90_000), 'what expired was destroyed')
    t.ok(await becomes(isNone('huishouden_markering'), 30_000), 'everything was matched')
    const events = receiver.received.length
    t.ok(events > 0, 'the receiver that works heard of it')
    const bloat = await stage.admin<{ table: string; live: number; dead: number }>(
      `select relname as table, n_live_tup::int as live, n_dead_tup::int as dead from pg_stat_user_tables
      where n_dead_tup > 20000 + n_live_tup`
    )
    t.same(bloat, [], 'no table fills with what is dead')

    const total = figures.reduce((sum, { requests }) => sum + requests, 0)
    report({
      order: 7,
      what: 'ten times the busiest hour, sustained',
      done: `${seconds} s: ${made} signals (${signalsPerSecond} a second), ${total} requests, ${expiring} signals that expired at midnight, 6 of 8 receivers of events failing`,
      held: `no error; memory ${early} MB at a third, ${late} MB at the end; no transaction left open; ${events} events delivered; all expired destroyed; the times are in the next table`
    })
    reportLoad(figures)
  }
)

// What was withdrawn or expired meanwhile, or has a case already, is no error.
function unlessGone({ status }: Answer): number | undefined {
  return status === 404 || status === 409 ? undefined : status
}

async function call(who: Renewed, ...request: Parameters<Party['call']>): Promise<Answer> {
  return (await who()).call(...request)
}

function aSignal(partner: number, signaaldatum: string) {
  made += 1
  // A third of the addresses comes twice or more.
  const adres = { huisnummer: 1 + Math.floor(Math.random() * 3_000) }
  // The first municipality is a large city.
  const gemeentecode = gemeentecodes[Math.random() < 0.3 ? 0 : made % gemeentecodes.length]
  const betrokkene = { naam: { geslachtsnaam: `Proefpersoon ${made}` } }
  const names = { referentie: `L-${made}`, klantnummer: `K-${made}`, betrokkene }
  return aSignalFor(sectoren[partner]!, { ...names, gemeentecode, signaaldatum, adres })
}

type Renewed = () => Promise<Party>

// A token lasts a quarter of an hour; two thirds in, another is asked for.
async function openRenewed(open: () => Promise<Party>): Promise<Renewed> {
  let party = open()
  let since = performance.now()
  await party
  return () => {
    if (performance.now() - since > 600_000) [party, since] = [open(), performance.now()]
    return party
  }
}

// Two receive; the others answer 500, never answer, break off, redirect, are too slow, or are not there.
async function subscribeAll(
  t: Parameters<typeof openReceiver>[0],
  parties: readonly Party[],
  working: string
): Promise<void> {
  let n = 0
  const failing = createServer((request, reply) => {
    request.resume()
    const kinds = [
      () => reply.writeHead(500).end(),
      () => undefined,
      () => request.socket.destroy(),
      () => reply.writeHead(302, { location: working }).end(),
      () => void setTimeout(() => reply.writeHead(204).end(), 20_000).unref()
    ]
    kinds[n++ % kinds.length]!()
  })
  await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    failing.closeAllConnections()
    failing.close()
  })
  const broken = `http://127.0.0.1:${(failing.address() as AddressInfo).port}/haak`
  const absent = `http://127.0.0.1:${await freePort()}/haak`
  const urls = [working, working, broken, broken, broken, broken, absent, absent]
  for (const [index, party] of parties.entries()) {
    const body = { url: urls[index], soorten: ['nl.vroegsignalering.signaal-ontvangen'] }
    await must(201, party.call('POST', '/v1/abonnementen', body))
  }
}

/** Memory at a third and at the end, in megabytes, and the longest time that a transaction stood idle, in whole seconds. */
async function watchHub(seconds: number): Promise<{ early: number; late: number; longestIdle: number }> {
  const memory: number[] = []
  let longestIdle = 0
  const until = performance.now() + seconds * 1000
  await withConnection(stage.adminUrl, async (client) => {
    while (performance.now() < until) {
      memory.push(hub.memory())
      const { rows } = await client.query<{ seconds: number }>(
        `select coalesce(floor(extract(epoch from max(clock_timestamp() - state_change))), 0)::int as seconds
          from pg_stat_activity where state like 'idle in transaction%'`
      )
      longestIdle = Math.max(longestIdle, rows[0]!.seconds)
      await sleep(1_000)
    }
  })
  const around = (share: number) => {
    const middle = Math.round(memory.length * share)
    return Math.round(median(memory.slice(Math.max(0, middle - 10), middle + 10)))
  }
  return { early: around(1 / 3), late: around(1), longestIdle }
}

async function becomes(isSo: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds
  for (;;) {
    if (await isSo()) return true
    if (performance.now() > until) return false
    await sleep(500)
  }
}

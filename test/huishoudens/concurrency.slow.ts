import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { matchHuishoudens } from '../../src/huishoudens/match-huishoudens.ts'
import { addDays, todayIn } from '../../src/time.ts'
import { contextOf } from '../../src/toegang/caller.ts'
import { takeInWithin } from '../aanlevering/take-in.ts'
import { aSignal, aSignalFor } from '../helpers/builders.ts'
import { actorOf } from '../helpers/handeling.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'
import { kept, recounted } from './recount.ts'

type Partner = Party & { id: string; sector: Sector }
type Send = (path: string, party: Party, body?: object) => Promise<{ status: number; json: Page }>
type Page = { resultaten?: { aantalSignalen: number }[] }

const sectors: readonly Sector[] = ['huur', 'elektriciteit', 'drinkwater', 'zorgverzekering']
const crisisKinds = { huur: 'ontruimingssignaal', zorgverzekering: 'royementssignaal' } as const

async function openPartners(hub: TestHub): Promise<Partner[]> {
  const open = async (sector: Sector) => ({ ...(await hub.signaalpartner([sector], ['0177'])), sector })
  return Promise.all(sectors.map(open))
}

// A mix that touches every column of a household: busy addresses, repeats, young residents, crises and amounts.
function nthSignal(n: number, { sector }: Partner, today: string) {
  const kind = n % 11 === 0 ? crisisKinds[sector as keyof typeof crisisKinds] : undefined
  return aSignalFor(sector, {
    referentie: `R-${n}`,
    signaaldatum: today,
    ...(kind && { soort: kind, geplandeDatum: addDays(today, 60) }),
    klantnummer: `K-${n % 5}`,
    betrokkene: { geboortedatum: n % 7 === 0 ? '2004-01-01' : '1985-06-15' },
    adres: { huisnummer: 1 + (n % 6) },
    achterstand: { bedragInCenten: 10_000 + ((n * 37) % 500) }
  })
}

async function overSockets(hub: TestHub, connections: number): Promise<Send & { close(): void }> {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = hub.app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send: Send = (path, { token }, body) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; json: Page }>()
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
    const method = body ? 'POST' : 'GET'
    const outgoing = request({ port, host: '127.0.0.1', path, method, agent, headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString()
      resolve({ status: answer.statusCode!, json: JSON.parse(text) })
    })
    outgoing.once('error', reject).end(body && JSON.stringify(body))
    return promise
  }
  return Object.assign(send, { close: () => agent.destroy() })
}

/** Repeats `work` until stopped. `stop` fails if any run failed. */
function meanwhile(work: () => Promise<unknown>) {
  let isStopped = false
  let turns = 0
  const running = (async () => {
    for (; !isStopped; turns += 1) await work()
  })()
  running.catch(() => undefined)
  return async () => {
    isStopped = true
    await running
    return turns
  }
}

t.test(
  '16 connections on six hot addresses, matchers and readers at once: every household is exact',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-09-20T09:00:00Z' })
    const raalte = await hub.gemeente('0177')
    const partners = await openPartners(hub)
    const send = await overSockets(hub, 24)
    t.teardown(() => send.close())
    const match = () => matchHuishoudens(hub.database, ['0177'])
    const readStatuses = new Set<number>()
    const read = async () => readStatuses.add((await send('/v1/huishoudens', raalte)).status)
    const stops = [meanwhile(match), meanwhile(match), meanwhile(read)]

    let next = 0
    const statuses: number[] = []
    const work = async () => {
      for (let n = next++; n < 400; n = next++) {
        // The clock moves in between, so months and reaction days differ.
        if (n % 40 === 39) hub.setClock(`${addDays(todayIn(hub.hub.clock()), 5)}T09:00:00Z`)
        const partner = partners[n % partners.length]!
        const { status } = await send(
          '/v1/vroegsignalen',
          partner,
          nthSignal(n, partner, todayIn(hub.hub.clock()))
        )
        statuses.push(status)
      }
    }
    await Promise.all(Array.from({ length: 16 }, work))
    for (const stop of stops) t.ok((await stop()) > 1, 'it really ran meanwhile')
    t.same(new Set(statuses), new Set([201]))
    t.equal(statuses.length, 400)
    t.same(readStatuses, new Set([200]))

    const shown = (await send('/v1/huishoudens', raalte)).json.resultaten!
    t.equal(
      shown.reduce((total, { aantalSignalen }) => total + aantalSignalen, 0),
      400,
      'none is missing'
    )
    const expected = await recounted(hub)
    t.equal(Object.keys(expected).length, 6)
    t.same(await kept(hub), expected)
    t.same(await hub.admin('select from huishouden_markering'), [], 'and no mark is left')
  }
)

t.test(
  'signals expire and are swept while others come in on the same addresses: every household is exact',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-09-20T09:00:00Z' })
    const raalte = await hub.gemeente('0177')
    const { etag } = (await raalte.get('/v1/gemeenten/0177')).headers
    const settings = { instellingen: { bewaartermijnMaanden: 1, matchTelling: 'signalen' } }
    t.equal(
      (await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': String(etag) })).statusCode,
      200
    )
    const partners = await openPartners(hub)
    const stopSweeps = [meanwhile(hub.sweep), meanwhile(hub.sweep)]
    const stopMatch = meanwhile(() => matchHuishoudens(hub.database, ['0177']))

    let next = 0
    const work = async () => {
      for (let n = next++; n < 300; n = next++) {
        if (n % 25 === 24) hub.setClock(`${addDays(todayIn(hub.hub.clock()), 6)}T09:00:00Z`)
        const partner = partners[n % partners.length]!
        const answer = await partner.post(
          '/v1/vroegsignalen',
          nthSignal(n, partner, todayIn(hub.hub.clock()))
        )
        if (answer.statusCode !== 201) t.fail(answer.body)
      }
    }
    await Promise.all(Array.from({ length: 16 }, work))
    for (const stop of [...stopSweeps, stopMatch]) t.ok((await stop()) > 1)
    await hub.sweep()
    await matchHuishoudens(hub.database, ['0177'])

    const left = await hub.admin<{ aantal: number }>('select count(*)::int as aantal from vroegsignaal')
    const proven = await hub.admin<{ aantal: number }>(
      'select sum(aantal_vroegsignalen)::int as aantal from vernietiging'
    )
    t.ok(proven[0]!.aantal > 50, 'signals really expired on the way')
    t.equal(left[0]!.aantal + proven[0]!.aantal, 300, 'each signal lives or is accounted for')
    const expected = await recounted(hub, 'signalen')
    t.ok(Object.keys(expected).length > 0)
    t.same(await kept(hub), expected)
  }
)

t.test(
  'a transaction that commits long after the matcher passed: its signal is in its household',
  async (t) => {
    const hub = await openTestHub(t)
    const raalte = await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const actor = await actorOf(hub, verhuurder)
    const context = contextOf(actor.caller)
    const households = async () => (await raalte.get('/v1/huishoudens')).json().resultaten
    const inserted = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const late = hub.database.as(context, async (tx) => {
      await takeInWithin(tx, hub, actor, [aSignal({ referentie: 'LAAT' })])
      inserted.resolve()
      await release.promise
    })
    await inserted.promise

    t.equal((await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'VROEG' }))).statusCode, 201)
    const [before] = await households()
    t.equal(before.aantalSignalen, 1, 'what is not committed is not counted')
    t.same(await hub.admin('select from huishouden_markering'), [], 'the matcher took every mark it saw')
    release.resolve()
    await late

    const [after] = await households()
    t.equal(after.aantalSignalen, 2)
    t.equal(after.id, before.id)
    t.same(await kept(hub), await recounted(hub))
  }
)

t.test(
  'the neighbour of a late commit is swept meanwhile: the late signal has a household, a new one',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
    const raalte = await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const actor = await actorOf(hub, verhuurder)
    const context = contextOf(actor.caller)
    const old = aSignal({ referentie: 'OUD', signaaldatum: '2026-05-20' })
    t.equal((await verhuurder.post('/v1/vroegsignalen', old)).statusCode, 201)
    const [before] = (await raalte.get('/v1/huishoudens')).json().resultaten

    hub.setClock('2026-11-19T09:00:00Z')
    const inserted = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const late = hub.database.as(context, async (tx) => {
      await takeInWithin(tx, hub, actor, [aSignal({ referentie: 'LAAT', signaaldatum: '2026-11-19' })])
      inserted.resolve()
      await release.promise
    })
    await inserted.promise
    hub.setClock('2026-11-20T09:00:00Z')
    t.equal(await hub.sweep(), 1)
    t.same((await raalte.get('/v1/huishoudens')).json().resultaten, [])
    release.resolve()
    await late

    const [after] = (await raalte.get('/v1/huishoudens')).json().resultaten
    t.equal(after.aantalSignalen, 1)
    t.not(after.id, before.id)
    t.same(await kept(hub), await recounted(hub))
  }
)

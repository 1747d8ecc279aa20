import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { readFigures } from '../../src/platform/database/figures.ts'
import type { Context } from '../../src/platform/database/open-database.ts'
import { type AllDue, listAllDue, listDue } from '../../src/vernietiging/due-store.ts'
import { gemeenteHandlers, horizonAt, hubHandlers } from '../../src/vernietiging/handlers.ts'
import { lateFigures } from '../../src/vernietiging/late-store.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'

const anywhere: Context = { duty: 'vernietiger' }
const bytes = randomBytes(32)

async function openHub(t: Test) {
  const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
  for (const code of ['0150', '0177']) await hub.gemeente(code)
  const verhuurder = await hub.signaalpartner(['huur'], ['0150', '0177'])
  return { hub, verhuurder }
}

function lookedUp(hub: TestHub, now: string): Promise<AllDue> {
  hub.setClock(now)
  return hub.database.ask(anywhere, (tx) => listAllDue(tx, horizonAt(new Date(now))))
}

/** What the metrics say is late, by handler, a while after a moment; `direct` counts what must go at once. */
async function lateAt(hub: TestHub, moment: string, hours: number): Promise<Record<string, number>> {
  const now = new Date(Date.parse(moment) + hours * 3_600_000)
  hub.setClock(now.toISOString())
  const figures = lateFigures(horizonAt(now))
  const numbers = await hub.database.ask({ duty: 'waarnemer' }, (tx) => readFigures(tx, figures))
  const named = figures.map(({ labels }, index) => [labels?.handler ?? 'direct', numbers[index]!] as const)
  return Object.fromEntries(named.filter(([, number]) => number !== 0))
}

// What expires at an instant is late from the next midnight on, because the sweeper comes once a night.
const hoursLate: Readonly<Record<string, number>> = { verlopenAntwoorden: 12, verlopenAsserties: 12 + 5 / 60 }

// For every kind a row that is due on the second moment, and not on the first.
type Kind = {
  readonly insert: string
  readonly values: (partnerId: string, clientId: string) => unknown[]
  readonly before: string
  readonly on: string
  readonly dag?: string
}

const inGemeenten: Readonly<Record<keyof typeof gemeenteHandlers, Kind>> = {
  verlopenBezwaren: {
    insert: `insert into bezwaar (gemeentecode, id, bsn_index, einddatum) values ('0177', $1, $2, '2026-06-30')`,
    values: () => [randomUUID(), bytes],
    before: '2026-06-30T21:59:59Z',
    on: '2026-06-30T22:00:00Z',
    dag: '2026-06-30'
  },
  verlopenBeperkingen: {
    insert: `insert into beperking values ('0177', $1, '{}', now(), null, '2026-06-30')`,
    values: () => [randomUUID()],
    before: '2026-06-29T21:59:59Z',
    on: '2026-06-29T22:00:00Z',
    dag: '2026-06-30'
  },
  verlopenTerugkoppelingen: {
    insert: `insert into terugkoppeling values ('0177', $1, $2, 1, $1, 'afgerond', now(), null, $3, '2026-06-30', $3)`,
    values: (partnerId) => [randomUUID(), partnerId, bytes],
    before: '2026-06-29T21:59:59Z',
    on: '2026-06-29T22:00:00Z',
    dag: '2026-06-30'
  },
  verlopenGemeldeSignalen: {
    insert: `insert into gemeld_signaal values ('0177', $1, $2, $3, $3, 'vroegsignaal', 'huur', '2026-05-20', now(), 1,
      $3, '2026-06-30', $3)`,
    values: (partnerId) => [randomUUID(), partnerId, bytes],
    before: '2026-06-29T21:59:59Z',
    on: '2026-06-29T22:00:00Z',
    dag: '2026-06-30'
  },
  verlatenHuishoudens: {
    insert: `insert into huishouden (gemeentecode, id, adres_index, matchsoorten, crisis, jongere, vroegsignaal_ids,
        aantal_signalen, aantal_signaalpartners, sectoren, totaalbedrag_in_centen, eerste_signaal_op, laatste_signaal_op,
        reactiedatum, urgentie, opgepakt, eerste_verval, laatste_verval)
      values ('0177', $1, $2, '{}', false, false, array[$1::uuid], 1, 1, '{}', 1, now(), now(), '2026-06-01', 2, 0,
        '2026-06-29', '2026-06-30')`,
    values: () => [randomUUID(), bytes],
    before: '2026-06-29T21:59:59Z',
    on: '2026-06-29T22:00:00Z',
    dag: '2026-06-29'
  },
  vervallenHuishoudens: {
    insert: `insert into huishouden_vervallen values ('0177', $1, 1, '2026-05-20')`,
    values: () => [randomUUID()],
    before: '2026-06-24T21:59:59Z',
    on: '2026-06-24T22:00:00Z',
    dag: '2026-05-20'
  },
  verlopenGebeurtenissen: {
    insert: `insert into gebeurtenis (gemeentecode, id, soort, op, dag)
      values ('0177', $1, 'nl.vroegsignalering.proef', now(), '2026-06-16')`,
    values: () => [randomUUID()],
    before: '2026-06-30T21:59:59Z',
    on: '2026-06-30T22:00:00Z',
    dag: '2026-06-16'
  }
}

const inHub: Readonly<Record<keyof typeof hubHandlers, Kind>> = {
  verlopenAanleveringen: {
    insert: `insert into aanlevering_deel values ($1, $2, 1, 1, 0, 1, 0, '2026-06-19', $3)`,
    values: (partnerId) => [partnerId, randomUUID(), bytes],
    before: '2026-06-18T21:59:59Z',
    on: '2026-06-18T22:00:00Z'
  },
  verlopenAanmeldingen: {
    insert: `insert into aanmelding values ($1, '2026-05-20T09:00:00Z', 'ontvangen', '2026-06-19', null, $2)`,
    values: () => [randomUUID(), bytes],
    before: '2026-06-18T21:59:59Z',
    on: '2026-06-18T22:00:00Z'
  },
  verlopenAntwoorden: {
    insert: `insert into idempotentie values ($1, $2, $2, 201, '0177', 'x', '2026-06-01T09:00:00Z')`,
    values: (_, clientId) => [clientId, bytes],
    before: '2026-06-01T08:59:59Z',
    on: '2026-06-01T09:00:00Z'
  },
  verlopenAsserties: {
    insert: `insert into gebruikte_assertie values ($1, $2, '2026-05-20T09:05:00Z')`,
    values: (_, clientId) => [clientId, bytes],
    before: '2026-05-20T09:04:59Z',
    on: '2026-05-20T09:05:00Z'
  },
  verlopenDagverbruik: {
    insert: "insert into dagverbruik values ($1, '2026-05-20', 3)",
    values: (_, clientId) => [clientId],
    before: '2026-05-20T21:59:59Z',
    on: '2026-05-20T22:00:00Z'
  },
  verlopenVerwerkingen: {
    insert: `insert into verwerkingsblad (gemeentecode, id, trace_id, activiteit, betrokkene_pseudoniemen, object_ids, op)
      values ('0177', $1::uuid, 'x', 'vroegsignaal-inzien', array[$2::bytea], array[$1::uuid], '2023-06-30T21:59:59Z')`,
    values: () => [randomUUID(), bytes],
    before: '2026-06-30T21:59:59Z',
    on: '2026-06-30T22:00:00Z'
  },
  verlopenBeheerhandelingen: {
    insert: `insert into beheerhandeling values ($1, '2021-06-30T21:59:59Z', 'x', $2, null, 'patchClient', '{}', '{}')`,
    values: (_, clientId) => [randomUUID(), clientId],
    before: '2026-06-30T21:59:59Z',
    on: '2026-06-30T22:00:00Z'
  }
}

t.test('the sweeper finds everything that its handlers destroy, from its day on', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const [client] = await hub.admin<{ id: string }>('select id from client limit 1')
  t.same(Object.keys(inGemeenten), Object.keys(gemeenteHandlers))
  t.same(Object.keys(inHub), Object.keys(hubHandlers))
  for (const [handler, { insert, values, before, on, dag }] of Object.entries({ ...inGemeenten, ...inHub })) {
    await hub.admin(insert, values(verhuurder.id, client!.id))
    t.same(await lookedUp(hub, before), { inGemeenten: [], inHub: [] }, `${handler}: not before`)
    const expected =
      handler in inHub
        ? { inGemeenten: [], inHub: [handler] }
        : { inGemeenten: [{ handler, gemeentecode: '0177', dag, aantal: 1 }], inHub: [] }
    t.same(await lookedUp(hub, on), expected, handler)
    t.same(await lateAt(hub, before, 0), {}, `${handler}: not late before`)
    const late = { [handler]: (hoursLate[handler] ?? 25) * 3600 }
    t.same(await lateAt(hub, on, 25), late, `${handler}: and the metrics say since when`)
    await lookedUp(hub, on)
    await hub.sweep()
    t.same(await lateAt(hub, on, 25), {}, `${handler}: until it is gone`)
    t.same(await lookedUp(hub, on), { inGemeenten: [], inHub: [] }, `${handler}: and then it is gone`)
  }
})

t.test('signals are due by day, or at once whatever their day', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const signals = (['0150', '0177', '0177', '0177'] as const).map((gemeentecode, n) =>
    aSignal({ referentie: `R-${n}`, gemeentecode, signaaldatum: '2026-05-20', adres: { huisnummer: 1 + n } })
  )
  const ids = await takeIn(hub, verhuurder, signals)
  const condemn = (aanleiding: string, id: string) =>
    hub.admin('update vroegsignaal set vernietigingsaanleiding = $1 where id = $2', [aanleiding, id])
  await condemn('wissing', ids[3]!)
  await condemn('geen-hulp', ids[2]!)
  const handler = 'vroegsignalen'
  const atOnce = { handler, gemeentecode: '0177', dag: null, aantal: 1 }
  t.same((await lookedUp(hub, '2026-05-21T09:00:00Z')).inGemeenten, [atOnce])
  t.same(await lateAt(hub, '2026-05-21T09:00:00Z', 0), { direct: 1 })
  t.same(await lateAt(hub, '2026-11-20T09:00:00Z', 0), { direct: 1, vroegsignalen: 10 * 3600 })
  t.same((await lookedUp(hub, '2026-11-20T09:00:00Z')).inGemeenten, [
    { handler, gemeentecode: '0150', dag: '2026-11-20', aantal: 1 },
    { handler, gemeentecode: '0177', dag: '2026-11-20', aantal: 3 },
    atOnce
  ])
  const inRaalte: Context = { duty: 'vernietiger', gemeentecodes: ['0177'] }
  const here = await hub.database.ask(inRaalte, (tx) => listDue(tx, horizonAt(hub.hub.clock())))
  t.same([...new Set(here.map(({ gemeentecode }) => gemeentecode))], ['0177'], 'or in one municipality alone')
  t.equal(await hub.sweep(), 4)
})

t.test(
  'without a municipality the sweeper sees what is due and no more, and can take none of it',
  async (t) => {
    const { hub, verhuurder } = await openHub(t)
    const post = (day: string, huisnummer: number) => {
      hub.setClock(`${day}T09:00:00Z`)
      return takeIn(hub, verhuurder, [
        aSignal({ referentie: day, signaaldatum: day, gemeentecode: '0177', adres: { huisnummer } })
      ])
    }
    const [expired] = await post('2026-05-20', 1)
    await post('2026-05-21', 2)
    await (await hub.gemeente('0177')).get('/v1/huishoudens')
    hub.setClock('2026-11-20T09:00:00Z')
    const run = (statement: string) =>
      hub.database.as(anywhere, async (tx) => await sql<{ id: string }>`${sql.raw(statement)}`.execute(tx))
    t.same((await run('select id from vroegsignaal')).rows, [{ id: expired }])
    t.equal((await run('select from huishouden')).rows.length, 1)
    for (const table of [
      'vroegsignaal',
      'huishouden',
      'gemeld_signaal',
      'terugkoppeling',
      'bezwaar',
      'huishouden_vervallen',
      'gebeurtenis'
    ])
      t.equal((await run(`delete from ${table}`)).numAffectedRows, 0n, table)
    t.equal((await run('update vroegsignaal set beperkt = false')).numAffectedRows, 0n)
    await t.rejects(run(`update vroegsignaal set status = 'ingetrokken'`), { code: '42501' })
    await t.rejects(run('select inhoud from vroegsignaal'), { code: '42501' })
    t.equal((await hub.admin('select from vroegsignaal')).length, 2)
  }
)

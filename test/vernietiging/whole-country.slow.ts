import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { hashIds } from '../../src/vernietiging/bewijs.ts'
import { sweep } from '../../src/vernietiging/sweep.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'
import { kept, recounted } from '../huishoudens/recount.ts'
import { proofsOf, verifyChain } from './proof-chain.ts'
import { watchDatabase } from './watch-database.ts'

const codes = ['0141', '0150', '0153', '0164', '0166', '0177']
const taken = '2026-05-20'
const night = '2026-11-20T01:15:00Z'
let references = 0

type Signals = Readonly<Record<string, number>>

async function openCountry(t: Test) {
  const hub = await openTestHub(t, { now: `${taken}T09:00:00Z` })
  for (const code of codes) await hub.gemeente(code)
  return { hub, verhuurder: await hub.signaalpartner(['huur'], codes) }
}

type Country = Awaited<ReturnType<typeof openCountry>>

/** Takes in so many signals per municipality, on the day of the hub's clock; returns the ids of each. */
async function fill({ hub, verhuurder }: Country, day: string, signals: Signals) {
  hub.setClock(`${day}T09:00:00Z`)
  const all = Object.entries(signals).flatMap(([gemeentecode, count]) =>
    Array.from({ length: count }, (_, n) =>
      aSignal({
        referentie: `R-${++references}`,
        signaaldatum: day,
        gemeentecode,
        adres: { huisnummer: 1 + n }
      })
    )
  )
  const ids = await takeIn(hub, verhuurder, all)
  return Map.groupBy(ids, (_, index) => all[index]!.gemeentecode)
}

/** Checks that the proofs of a municipality are one chain, and that they are about exactly these signals. */
async function proves(t: Test, hub: TestHub, gemeentecode: string, batches: readonly (readonly string[])[]) {
  const said = await verifyChain(hub, await proofsOf(hub, gemeentecode))
  t.same(
    said.map(({ idsHash, aantalVroegsignalen }) => [idsHash, aantalVroegsignalen]),
    batches.map((ids) => [hashIds(ids), ids.length]),
    gemeentecode
  )
  return said
}

function watchedSweep({ hub }: Country, admit?: (count: number) => void) {
  const database = watchDatabase(hub.database, admit)
  return { database, run: () => sweep({ ...hub.hub, database }) }
}

t.test('a night on which nothing is due costs one query, in no municipality’s name', async (t) => {
  const country = await openCountry(t)
  await fill(country, taken, { '0150': 2, '0177': 3 })
  country.hub.setClock('2026-11-19T01:15:00Z')
  const { database, run } = watchedSweep(country)
  t.same(await run(), { vroegsignalen: 0, gemeenten: 0 })
  t.equal(database.queries.length, 1)
  t.same(database.queries[0]!.gemeentecodes ?? [], [])
  t.same(database.transactions, [])
})

t.test('municipalities where nothing is due get no transaction', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const ids = await fill(country, taken, { '0150': 2, '0177': 3 })
  await fill(country, '2026-05-21', { '0141': 4, '0177': 1 })
  hub.setClock(night)
  const { database, run } = watchedSweep(country)
  t.same(await run(), { vroegsignalen: 5, gemeenten: 2 })
  t.same(
    database.transactions.map(({ gemeentecodes }) => gemeentecodes),
    [['0150', '0177']],
    'and the others share one'
  )
  await proves(t, hub, '0150', [ids.get('0150')!])
  await proves(t, hub, '0177', [ids.get('0177')!])
  await proves(t, hub, '0141', [])
  const left = await hub.admin(
    'select gemeentecode, count(*)::int as count from vroegsignaal group by 1 order by 1'
  )
  t.same(left, [
    { gemeentecode: '0141', count: 4 },
    { gemeentecode: '0177', count: 1 }
  ])
})

t.test('each municipality of a transaction has its own chain, night after night', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const first = await fill(country, taken, { '0141': 3, '0150': 2, '0177': 1 })
  const second = await fill(country, '2026-05-21', { '0150': 4, '0164': 2 })
  const lives = await fill(country, '2026-05-25', { '0150': 1 })
  await (await hub.gemeente('0150')).get('/v1/huishoudens')
  for (const [now, vroegsignalen] of [
    [night, 6],
    ['2026-11-21T01:15:00Z', 6]
  ] as const) {
    hub.setClock(now)
    t.match(await watchedSweep(country).run(), { vroegsignalen })
  }
  const one = await proves(t, hub, '0150', [first.get('0150')!, second.get('0150')!])
  t.same(
    one.map(({ aantalHuishoudens, dagsleutels }) => [aantalHuishoudens, dagsleutels.map(({ dag }) => dag)]),
    [
      [0, ['2026-11-20']],
      [3, ['2026-11-21']]
    ],
    'the household on house number 1 lives on, that on number 2 went with its second signal'
  )
  await proves(t, hub, '0141', [first.get('0141')!])
  await proves(t, hub, '0164', [second.get('0164')!])
  await proves(t, hub, '0177', [first.get('0177')!])
  t.same(
    await hub.admin('select id from vroegsignaal'),
    lives.get('0150')!.map((id) => ({ id }))
  )
})

t.test('only addresses where a household is left are counted anew', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const raalte = await hub.gemeente('0177')
  await fill(country, taken, { '0177': 3 })
  await fill(country, '2026-05-25', { '0177': 1 })
  await raalte.get('/v1/huishoudens')
  hub.setClock(night)
  await hub.sweep()
  t.equal((await hub.admin('select from huishouden_markering')).length, 1)
  t.equal((await raalte.get('/v1/huishoudens')).json().resultaten.length, 1)
  t.same(await kept(hub), await recounted(hub))
  t.equal((await hub.admin('select from huishouden_vervallen')).length, 2)
})

t.test('what fails in one municipality keeps no other waiting', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const ids = await fill(country, taken, Object.fromEntries(codes.map((code, n) => [code, n + 1])))
  await hub.admin(`
    create function hapert() returns trigger language plpgsql as $$
    begin raise exception 'hapert' using errcode = '40P01'; end $$;
    create trigger hapert before delete on vroegsignaal for each row when (old.gemeentecode = '0153')
      execute function hapert()`)
  hub.setClock(night)
  const { database, run } = watchedSweep(country)
  await t.rejects(run(), { code: '40P01' })
  t.same(database.transactions[0]!.gemeentecodes, codes, 'they were swept together, and then each by itself')
  for (const code of codes) await proves(t, hub, code, code === '0153' ? [] : [ids.get(code)!])
  t.same(await hub.admin('select distinct gemeentecode from vroegsignaal'), [{ gemeentecode: '0153' }])

  await hub.admin('drop trigger hapert on vroegsignaal')
  t.equal(await hub.sweep(), ids.get('0153')!.length)
  await proves(t, hub, '0153', [ids.get('0153')!])
})

t.test(
  'several that are held up wait half a second together, and each as long as it takes alone',
  async (t) => {
    const country = await openCountry(t)
    const { hub } = country
    const ids = await fill(country, taken, { '0141': 1, '0150': 1, '0177': 1 })
    hub.setClock(night)
    const { promise: held, resolve: hold } = Promise.withResolvers<void>()
    const released = hub.database.as({ duty: 'matcher', gemeentecodes: ['0150'] }, async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('huishoudens|0150', 0))`.execute(tx)
      hold()
      // Until the sweep has the others and waits for this one alone.
      const others = `select from vroegsignaal where gemeentecode <> '0150'`
      while ((await hub.admin(others)).length > 1) await sql`select pg_sleep(0.05)`.execute(tx)
    })
    await held
    t.equal(await hub.sweep(), 3)
    await released
    for (const code of ['0141', '0150', '0177']) await proves(t, hub, code, [ids.get(code)!])
  }
)

t.test('sweeps at once destroy each signal once, and no chain forks', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const counts = { '0141': 700, '0150': 450, '0153': 1200, '0164': 30, '0166': 20, '0177': 10 }
  const ids = await fill(country, taken, counts)
  hub.setClock(night)
  const destroyed = await Promise.all([hub.sweep(), hub.sweep(), hub.sweep()])
  t.equal(
    destroyed.reduce((sum, count) => sum + count),
    2410
  )
  t.same(await hub.admin('select from vroegsignaal'), [])
  for (const code of codes) {
    const said = await verifyChain(hub, await proofsOf(hub, code))
    const sum = said.reduce((total, { aantalVroegsignalen }) => total + aantalVroegsignalen, 0)
    t.equal(sum, ids.get(code)!.length, code)
  }
})

t.test('a sweep that ends between two batches leaves whole ones; the next does the rest', async (t) => {
  const country = await openCountry(t)
  const { hub } = country
  const counts = { '0141': 600, '0150': 400, '0153': 900, '0164': 60, '0177': 500 }
  const ids = await fill(country, taken, counts)
  hub.setClock(night)
  const { run } = watchedSweep(country, (count) => {
    if (count > 2) throw new Error('killed')
  })
  await t.rejects(run(), /killed/)
  const gone = ['0141', '0150', '0153', '0164']
  for (const code of codes) await proves(t, hub, code, gone.includes(code) ? [ids.get(code)!] : [])
  t.equal((await hub.admin('select from vroegsignaal')).length, 500)
  t.equal(await hub.sweep(), 500)
  await proves(t, hub, '0177', [ids.get('0177')!])
  t.same(await hub.admin('select from huishouden where laatste_verval <= $1', ['2026-11-20']), [])
})

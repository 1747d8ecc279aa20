import t from 'tap'
import { hashIds } from '../../src/vernietiging/bewijs.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'
import { kept, recounted } from '../huishoudens/recount.ts'
import { proofsOf, verifyChain } from './proof-chain.ts'

async function openHub(t: Parameters<typeof openTestHub>[0], now: string) {
  const hub = await openTestHub(t, { now })
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  return { hub, raalte, verhuurder }
}

type Opened = Awaited<ReturnType<typeof openHub>>

async function post({ hub, verhuurder }: Opened, day: string, overrides: object = {}): Promise<string> {
  hub.setClock(`${day}T09:00:00Z`)
  const signal = aSignal({ signaaldatum: day, referentie: `R-${day}`, ...overrides })
  const answer = await verhuurder.post('/v1/vroegsignalen', signal)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json().id
}

async function storedIds(hub: TestHub): Promise<string[]> {
  const rows = await hub.admin<{ id: string }>('select id from vroegsignaal order by ontvangen_op, id')
  return rows.map(({ id }) => id)
}

t.test(
  'a signal lives until midnight in the Netherlands before its vernietigingsdatum, and not a minute longer',
  async (t) => {
    const opened = await openHub(t, '2026-05-19T09:00:00Z')
    const { hub } = opened
    const before = await post(opened, '2026-05-19')
    const on = await post(opened, '2026-05-20')
    const after = await post(opened, '2026-05-21')

    hub.setClock('2026-11-18T22:59:59Z')
    t.equal(await hub.sweep(), 0, 'a second before the first day: nothing has come')
    hub.setClock('2026-11-19T22:59:59Z')
    t.equal(await hub.sweep(), 1)
    t.same(await storedIds(hub), [on, after], 'a second before midnight only the day before has come')
    hub.setClock('2026-11-19T23:00:00Z')
    t.equal(await hub.sweep(), 1)
    t.same(await storedIds(hub), [after])
    const said = await verifyChain(hub, await proofsOf(hub, '0177'))
    t.same(
      said.map(({ idsHash }) => idsHash),
      [hashIds([before]), hashIds([on])],
      'each proof names its own'
    )
    t.same(
      said.map(({ vernietigingsdatumVan }) => vernietigingsdatumVan),
      ['2026-11-19', '2026-11-20']
    )
    t.same(
      said.map(({ dagsleutels }) => dagsleutels.map(({ dag }) => dag)),
      [['2026-11-19'], ['2026-11-20']]
    )
  }
)

t.test('a sweep that was missed for weeks is made up for in one go', async (t) => {
  const opened = await openHub(t, '2026-05-19T09:00:00Z')
  for (const day of ['2026-05-19', '2026-05-29', '2026-06-08']) await post(opened, day)
  const last = await post(opened, '2026-06-09')
  opened.hub.setClock('2026-12-08T09:00:00Z')
  t.equal(await opened.hub.sweep(), 3)
  t.same(await storedIds(opened.hub), [last])
})

t.test('an answer remembered for a destroyed signal is forgotten with it; the others stay', async (t) => {
  const opened = await openHub(t, '2026-05-20T09:00:00Z')
  const { hub, raalte, verhuurder } = opened
  const { etag } = (await raalte.get('/v1/gemeenten/0177')).headers
  const settings = { instellingen: { bewaartermijnMaanden: 1 } }
  t.equal((await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': String(etag) })).statusCode, 200)
  const send = async (day: string) => {
    hub.setClock(`${day}T09:00:00Z`)
    const body = aSignal({ signaaldatum: day, referentie: day })
    return (await verhuurder.post('/v1/vroegsignalen', body, { 'idempotency-key': day })).json().id
  }
  await send('2026-05-20')
  const kept = await send('2026-05-21')
  hub.setClock('2026-06-20T09:00:00Z')
  t.equal(await hub.sweep(), 1)
  const signals = `select resultaat_id as id from idempotentie where gemeentecode is not null`
  t.same(await hub.admin(signals), [{ id: kept }])
  hub.setClock('2026-06-25T09:00:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from idempotentie where verloopt_op <= $1', ['2026-06-25T09:00:00Z']), [])
})

t.test('an objection counts through its einddatum and is destroyed the day after', async (t) => {
  const { hub } = await openHub(t, '2026-11-20T09:00:00Z')
  const add = `insert into bezwaar (gemeentecode, id, bsn_index, einddatum)
    values ('0177', gen_random_uuid(), '\\x01', $1)`
  for (const day of ['2026-11-19', '2026-11-20', '2026-11-21']) await hub.admin(add, [day])
  await hub.sweep()
  const left = 'select einddatum::text from bezwaar order by 1'
  t.same(await hub.admin(left), [{ einddatum: '2026-11-20' }, { einddatum: '2026-11-21' }])
})

t.test('a household that loses one of two signals keeps its id and is counted anew', async (t) => {
  const opened = await openHub(t, '2026-05-19T09:00:00Z')
  const { hub, raalte } = opened
  await post(opened, '2026-05-19', { achterstand: { bedragInCenten: 99_900 } })
  const other = { achterstand: { bedragInCenten: 10_000 }, betrokkene: { naam: { geslachtsnaam: 'Anders' } } }
  const lives = await post(opened, '2026-06-20', other)
  const [before] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(before, { aantalSignalen: 2, totaalbedragInCenten: 109_900, matchsoorten: ['opeenvolgend'] })

  hub.setClock('2026-11-19T09:00:00Z')
  const expected = {
    id: before.id,
    aantalSignalen: 1,
    totaalbedragInCenten: 10_000,
    matchsoorten: ['enkelvoudig']
  }
  const [hidden] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(hidden, expected, 'already before the sweep')
  t.equal(await hub.sweep(), 1)
  const [after] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(after, expected)
  t.same(
    after.vroegsignalen.map(({ id }: { id: string }) => id),
    [lives]
  )
  t.same(await kept(hub), await recounted(hub))
  const [proof] = await verifyChain(hub, await proofsOf(hub, '0177'))
  t.match(proof, { aantalVroegsignalen: 1, aantalHuishoudens: 0 }, 'the household lives on')
})

t.test('three sweeps at once: each signal destroyed once, and the proofs add up', async (t) => {
  const { hub, verhuurder } = await openHub(t, '2026-05-20T09:00:00Z')
  const signals = Array.from({ length: 2300 }, (_, n) =>
    aSignal({ referentie: `R-${n}`, signaaldatum: '2026-05-20', adres: { huisnummer: 1 + (n % 900) } })
  )
  const ids = await takeIn(hub, verhuurder, signals)
  hub.setClock('2026-11-20T09:00:00Z')
  const destroyed = await Promise.all([hub.sweep(), hub.sweep(), hub.sweep()])
  t.equal(destroyed[0] + destroyed[1] + destroyed[2], ids.length)
  t.same(await storedIds(hub), [])
  t.same(await hub.admin('select from huishouden'), [])
  const said = await verifyChain(hub, await proofsOf(hub, '0177'))
  t.ok(
    said.every(({ aantalVroegsignalen }) => aantalVroegsignalen <= 1000),
    'a batch is never larger than it may be'
  )
  t.equal(
    said.reduce((total, { aantalVroegsignalen }) => total + aantalVroegsignalen, 0),
    ids.length
  )
})

t.test('the chain of proofs shows every alteration and every omission', async (t) => {
  const opened = await openHub(t, '2026-05-17T09:00:00Z')
  const { hub, raalte } = opened
  for (const day of ['2026-05-17', '2026-05-18', '2026-05-19']) await post(opened, day)
  for (const day of [17, 18, 19]) {
    hub.setClock(`2026-11-${day}T09:00:00Z`)
    await hub.sweep()
  }
  const proofs = await proofsOf(hub, '0177')
  t.equal((await verifyChain(hub, proofs)).length, 3)
  const [first, second, third] = proofs as [(typeof proofs)[0], (typeof proofs)[0], (typeof proofs)[0]]
  const other = JSON.parse(Buffer.from(second.bewijs.split('.')[1]!, 'base64url').toString())
  const payload = Buffer.from(JSON.stringify({ ...other, aantalVroegsignalen: 2 })).toString('base64url')
  const forged = { ...second, bewijs: second.bewijs.replace(/\.[^.]+\./, `.${payload}.`) }
  await t.rejects(verifyChain(hub, [first, forged, third]), 'altered')
  await t.rejects(verifyChain(hub, [first, third]), 'left out')
  await t.rejects(verifyChain(hub, [second, third]), 'the beginning left out')
  await t.rejects(verifyChain(hub, [second, first, third]), 'another order')
  const shown = (await raalte.get('/v1/vernietigingen')).json().resultaten
  t.same(
    shown.map(({ bewijs }: { bewijs: string }) => bewijs),
    [third, second, first].map(({ bewijs }) => bewijs)
  )
  t.equal((await raalte.get(`/v1/vernietigingen/${shown[0].id}`)).json().bewijs, third.bewijs)
})

import t from 'tap'
import type { Overrides } from '../helpers/builders.ts'
import type { Party } from '../helpers/test-hub.ts'
import { nowhere } from '../platform/http/operations.ts'
import { close, idsOf, made, openStage, type Partner, signalen, zaken } from '../zaken/zaak-stage.ts'

t.setTimeout(120_000)

const huishoudens = '/v1/huishoudens'
const laa = { bron: 'laa', datum: '2026-11-18' }
const eigen = { bron: 'eigen-onderzoek', datum: '2026-11-20' }
const any = { 'if-match': '*' }

const urlOf = (id: string) => `${huishoudens}/${id}/adresindicatie`
const indicate = (party: Party, id: string, payload: object = laa, headers: Record<string, string> = any) =>
  party.call({ method: 'PUT', url: urlOf(id), headers, payload })
const etagOf = async (party: Party, id: string) =>
  String((await party.get(`${huishoudens}/${id}`)).headers.etag)

t.test(
  'the municipality marks an address, changes the mark and takes it back, each time knowing what stands',
  async (t) => {
    const { hub, raalte, huur, send, householdAt } = await openStage(t)
    await send(huur, 1)
    const bare = await householdAt(1)
    const { id } = bare
    t.notOk('adresindicatie' in bare)
    const first = await etagOf(raalte, id)
    t.match((await indicate(raalte, id, laa, {})).json(), { status: 428 })
    t.match((await indicate(raalte, id, laa, { 'if-match': '"x"' })).json(), { status: 412 })
    t.same(await householdAt(1), bare)

    const answer = await indicate(raalte, id, laa, { 'if-match': first })
    t.equal(answer.statusCode, 200)
    t.same(answer.json(), laa)
    const second = await etagOf(raalte, id)
    t.not(second, first)
    t.match((await indicate(raalte, id, eigen, { 'if-match': first })).json(), { status: 412 })
    t.same((await householdAt(1)).adresindicatie, laa)
    t.equal((await indicate(raalte, id, eigen, { 'if-match': second })).statusCode, 200)
    t.same(await householdAt(1), { ...bare, adresindicatie: eigen }, 'nothing else changed')

    t.match((await raalte.delete(urlOf(id))).json(), { status: 428 })
    t.match((await raalte.delete(urlOf(id), { 'if-match': second })).json(), { status: 412 })
    t.same((await householdAt(1)).adresindicatie, eigen)
    const third = await etagOf(raalte, id)
    const gone = await raalte.delete(urlOf(id), { 'if-match': third })
    t.equal(gone.statusCode, 204)
    t.equal(gone.body, '')
    t.same(await householdAt(1), bare)
    t.equal((await raalte.delete(urlOf(id), any)).statusCode, 204, 'what is not there may be taken away')

    const query = `select gemeentecode from verwerking where activiteit = 'adres-aanduiden'`
    t.equal((await hub.admin(query)).length, 4)
  }
)

t.test('the mark is shown wherever the household is, in its changes too; nobody else reads it', async (t) => {
  const { raalte, olst, huur, send, householdAt } = await openStage(t)
  const signal = await send(huur, 1)
  await send(huur, 2)
  const { id } = await householdAt(1)
  const start = (await raalte.get(`${huishoudens}/_deltas`)).json().stateId
  t.equal((await indicate(raalte, id)).statusCode, 200)
  const listed = (await raalte.get(huishoudens)).json().resultaten
  const marked = listed.filter((one: object) => 'adresindicatie' in one)
  t.match(marked, [{ id, adresindicatie: laa }])
  t.same((await raalte.get(`${huishoudens}/${id}`)).json().adresindicatie, laa)
  const { deltas, stateId } = await deltasOf(raalte, start)
  t.match(deltas, [{ soort: 'gewijzigd', huishoudenId: id, huishouden: { adresindicatie: laa } }])
  t.equal(deltas.length, 1)

  t.equal((await raalte.delete(urlOf(id), any)).statusCode, 204)
  const after = await deltasOf(raalte, stateId)
  t.match(after.deltas, [{ soort: 'gewijzigd', huishoudenId: id }])
  t.notOk('adresindicatie' in after.deltas[0].huishouden)
  t.same((await deltasOf(raalte, after.stateId)).deltas, [])

  t.equal((await indicate(raalte, id)).statusCode, 200)
  const seen = [
    await huur.get(signalen),
    await huur.get(`${signalen}/${signal}`),
    await olst.get(huishoudens)
  ]
  for (const { body } of seen) t.notMatch(body, /adresindicatie|"laa"/)
})

t.test('400, 403 and 404: a day to come, another source, another caller, another household', async (t) => {
  const { hub, raalte, olst, huur, send, householdAt } = await openStage(t)
  await send(huur, 1)
  const { id } = await householdAt(1)
  const future = await indicate(raalte, id, { ...laa, datum: '2026-11-21' })
  t.match(future.json(), { status: 400, errors: [{ in: 'body', location: '/datum' }] })
  const wrong = [
    {},
    { bron: 'laa' },
    { datum: laa.datum },
    { ...laa, bron: 'buren' },
    { ...laa, datum: '2026-02-30' },
    { ...laa, opmerking: 'x' }
  ]
  for (const body of wrong) t.equal((await indicate(raalte, id, body)).statusCode, 400, JSON.stringify(body))
  const readOnly = await hub.client({
    naam: 'lezer',
    rol: 'gemeente',
    gemeentecodes: ['0177'],
    scopes: ['huishoudens:lezen']
  })
  for (const [party, whose, status] of [
    [raalte, nowhere, 404],
    [olst, id, 404],
    [readOnly, id, 403],
    [huur, id, 403],
    [hub.beheer, id, 403]
  ] as const) {
    t.equal((await indicate(party, whose)).statusCode, status)
    t.equal((await party.delete(urlOf(whose), any)).statusCode, status)
  }
  t.notOk('adresindicatie' in (await householdAt(1)))
  hub.setClock('2026-11-20T23:30:00Z')
  t.equal((await indicate(raalte, id, { ...laa, datum: '2026-11-21' })).statusCode, 200, 'today in Amsterdam')
})

t.test('the list is narrowed to addresses in doubt, to those that are not, and to who doubts', async (t) => {
  const { raalte, huur, send, householdAt } = await openStage(t)
  const households: string[] = []
  for (const huisnummer of [1, 2, 3]) {
    await send(huur, huisnummer)
    households.push((await householdAt(huisnummer)).id)
  }
  const [one, two, three] = households as [string, string, string]
  await indicate(raalte, one, laa)
  await indicate(raalte, two, eigen)
  const found = async (filter: string) =>
    idsOf(await raalte.get(`${huishoudens}?adresindicatie=${filter}`)).sort()
  t.same(await found('true'), [one, two].sort())
  t.same(await found('false'), [three])
  t.same(await found('laa'), [one])
  t.same(await found('eigen-onderzoek'), [two])
  for (const filter of ['ja', 'TRUE']) {
    const answer = await raalte.get(`${huishoudens}?adresindicatie=${filter}`)
    t.match(answer.json(), { status: 400, errors: [{ in: 'query', location: 'adresindicatie' }] })
  }
})

const endings: [string, (party: Party, partner: Partner, id: string) => Promise<unknown>][] = [
  [
    'withdrawn',
    async (_, huur, id) => made(await huur.post(`${signalen}/${id}/intrekkingen`, { reden: 'betaald' }))
  ],
  [
    'wrong',
    async (_, huur, id) => made(await huur.post(`${signalen}/${id}/intrekkingen`, { reden: 'foutief' }))
  ],
  [
    'sent on',
    async (raalte, _, id) =>
      made(await raalte.post(`${signalen}/${id}/doorzendingen`, { gemeentecode: '1773' }))
  ]
]

t.test('the mark lives as long as its household; a new household on the address has none', async (t) => {
  const { hub, raalte, olst, huur, water, send, householdAt } = await openStage(t)
  for (const [n, [name, end]] of endings.entries()) {
    const [first, second] = [await send(huur, n + 1), await send(huur, n + 1)]
    const { id } = await householdAt(n + 1)
    await indicate(raalte, id)
    await send(water, 100 + n)
    await end(raalte, huur, first)
    t.match(
      await householdAt(n + 1),
      { id, aantalSignalen: 1, adresindicatie: laa },
      `${name}: another stays`
    )
    const third = await send(huur, n + 1)
    t.match(
      await householdAt(n + 1),
      { id, aantalSignalen: 2, adresindicatie: laa },
      `${name}: another comes`
    )
    for (const signal of [second, third]) await end(raalte, huur, signal)
    t.equal(await householdAt(n + 1), undefined, name)
    await send(huur, n + 1)
    const fresh = await householdAt(n + 1)
    t.not(fresh.id, id)
    t.notOk('adresindicatie' in fresh, name)
    t.equal((await indicate(raalte, id)).statusCode, 404, 'the old one is gone')
  }
  t.notMatch((await olst.get(huishoudens)).body, /adresindicatie/, 'it does not move along')
  t.same(await hub.admin('select from huishouden where adresindicatie_bron is not null'), [])
})

t.test('the mark also ends with the term, whether the sweeper has run or not', async (t) => {
  for (const isSwept of [true, false]) {
    const { hub, raalte, huur, send, householdAt } = await openStage(t)
    await send(huur, 1)
    const { id } = await householdAt(1)
    await indicate(raalte, id)
    hub.setClock('2027-05-20T09:00:00Z')
    if (isSwept) {
      await hub.sweep()
      t.same(await hub.admin('select from huishouden'), [])
    }
    t.equal((await indicate(raalte, id)).statusCode, 404)
    await send(huur, 1)
    const fresh = await householdAt(1)
    t.not(fresh.id, id)
    t.notOk('adresindicatie' in fresh)
  }
})

t.test('late: a signal still waits after its day; taken up or settled it waits no more', async (t) => {
  const { hub, raalte, huur, send, openAt, householdAt } = await openStage(t)
  // 20 November 2026 is a Friday, so three working days later is Wednesday.
  const kinds: [string, Overrides, string][] = [
    ['ordinary', {}, '2026-12-18'],
    ['crisis', { soort: 'ontruimingssignaal' }, '2026-11-25']
  ]
  const signals: string[] = []
  for (const [n, [kind, overrides, reactiedatum]] of kinds.entries()) {
    const [waits, taken, settled] = [n * 10 + 1, n * 10 + 2, n * 10 + 3]
    for (const huisnummer of [waits, taken, settled]) signals.push(await send(huur, huisnummer, overrides))
    t.match(await householdAt(waits), { reactiedatum, crisis: kind === 'crisis' }, kind)
    await openAt(taken)
    const { id } = await openAt(settled)
    t.equal((await close(raalte, id, { resultaat: 'andere-reden' })).statusCode, 200)
  }
  const late = async (value = true) => numbersOf(await raalte.get(`${huishoudens}?telaat=${value}`))
  for (const [instant, expected] of [
    ['2026-11-25T22:59:00Z', []],
    ['2026-11-25T23:00:00Z', [11]],
    ['2026-12-18T22:59:00Z', [11]],
    ['2026-12-18T23:00:00Z', [1, 11]]
  ] as const) {
    hub.setClock(instant)
    t.same(await late(), expected, instant)
    t.same(
      await late(false),
      [1, 2, 3, 11, 12, 13].filter((n) => !expected.some((one) => one === n))
    )
  }
  t.match((await raalte.get(`${huishoudens}?telaat=ja`)).json(), { status: 400 })

  await openAt(11)
  t.same(await late(), [1], 'taken up late is no longer late')
  made(await huur.post(`${signalen}/${signals[0]}/intrekkingen`, { reden: 'betaald' }))
  t.same(await late(), [])
  await send(huur, 2)
  t.same(await late(), [], 'a later signal has its own day')
})

t.test('taken up: no signal waits; of what waits the earliest day counts', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  await send(huur, 1)
  await send(huur, 2)
  const { id } = await openAt(2)
  const taken = async (value: boolean) => numbersOf(await raalte.get(`${huishoudens}?opgepakt=${value}`))
  t.same([await taken(false), await taken(true)], [[1], [2]])
  hub.setClock('2026-11-30T09:00:00Z')
  const later = await send(water, 2)
  t.same([await taken(false), await taken(true)], [[1, 2], []], 'a later signal waits')
  t.match(await householdAt(2), { opgepakt: 1, aantalSignalen: 2, reactiedatum: '2026-12-28' })
  made(await raalte.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: [later] }))
  t.same([await taken(false), await taken(true)], [[1], [2]])
  t.match(await householdAt(2), { opgepakt: 2, reactiedatum: '2026-12-18' })
  const settled = await close(raalte, id, { resultaat: 'herhaalde-melding', datum: '2026-11-30' })
  t.equal(settled.statusCode, 200)
  t.same([await taken(false), await taken(true)], [[1], [2]], 'settled is not waiting')
  t.match(await householdAt(2), { opgepakt: 0 })
})

t.test('priority: a crisis, a match, or a young resident with a single signal', async (t) => {
  const { hub, raalte, huur, water, send } = await openStage(t)
  const born = (geboortedatum: string | undefined) => ({ betrokkene: { geboortedatum } })
  await send(huur, 6, born('1985-06-15'))
  hub.setClock('2026-12-10T09:00:00Z')
  await send(huur, 1, born('1985-06-15'))
  await send(huur, 2, born('1998-12-11'))
  await send(huur, 3, born('1998-12-10'))
  await send(huur, 4, { ...born('1985-06-15'), soort: 'ontruimingssignaal' })
  for (const partner of [huur, water]) await send(partner, 5, born('1985-06-15'))
  await send(water, 6, born('1985-06-15'))
  await send(huur, 7, born(undefined))
  // Two signals of one partner in a month count as one: by default a municipality counts partners.
  for (const soort of ['vroegsignaal', 'vroegsignaal']) await send(huur, 8, { ...born('1985-06-15'), soort })
  const urgent = async (value: boolean, more = '') =>
    numbersOf(await raalte.get(`${huishoudens}?voorrang=${value}${more}`))
  t.same(await urgent(true), [2, 4, 5, 6], '27 is young, 28 is not')
  t.same(await urgent(false), [1, 3, 7, 8])
  t.same(await urgent(true, '&jongere=true'), [2])
  t.same(await urgent(true, '&crisis=true'), [4])
  t.same(await urgent(true, '&matchsoort=meervoudig'), [5])
  t.same(await urgent(true, '&matchsoort=opeenvolgend'), [6])
  t.same(await urgent(true, '&telaat=true'), [])
  t.match((await raalte.get(`${huishoudens}?voorrang=1`)).json(), { status: 400 })
})

async function deltasOf(party: Party, after: string) {
  return (await party.get(`${huishoudens}/_deltas?after=${after}`)).json()
}

function numbersOf(answer: { json(): { resultaten: { adres: { huisnummer: number } }[] } }): number[] {
  return answer
    .json()
    .resultaten.map(({ adres }) => adres.huisnummer)
    .sort((a, b) => a - b)
}

t.test('the version is the same for whoever read the household with its evidence', async (t) => {
  const { raalte, huur, send, householdAt } = await openStage(t)
  await send(huur, 1)
  const { id } = await householdAt(1)
  const versionOf = async (query: string) =>
    String((await raalte.get(`${huishoudens}/${id}${query}`)).headers.etag)
  const before = await versionOf('?expand=beoordeling')
  t.equal(before, await versionOf(''))
  t.equal((await indicate(raalte, id, laa, { 'if-match': before })).statusCode, 200)
  const after = await versionOf('?expand=beoordeling')
  t.not(after, before)
  t.match((await indicate(raalte, id, eigen, { 'if-match': before })).json(), { status: 412 })
  t.equal((await raalte.delete(urlOf(id), { 'if-match': after })).statusCode, 204)
})

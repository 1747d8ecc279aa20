import t from 'tap'
import { eindresultaten } from '../../src/begrippen/eindresultaat.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'
import { nowhere } from '../platform/http/operations.ts'
import { proofsOf, verifyChain } from '../vernietiging/proof-chain.ts'
import {
  close,
  heardOf,
  idsOf,
  made,
  openStage,
  put,
  rowsLeft,
  signalen,
  zaken
} from '../zaken/zaak-stage.ts'

t.setTimeout(120_000)

// Per result: its value in DDAS v1.2 (EnumEindresultaat), what partners hear, and the signal status (contract §6).
const list = [
  ['budgetadvies', '(Budget)advies en/of quick fix', 'hulp-aanvaard', 'opgepakt'],
  ['geen-contact', 'Definitief geen contact kunnen krijgen', 'afgerond', 'opgepakt'],
  ['geen-reactie-na-contact', 'Geen reactie na eerder contact', 'afgerond', 'opgepakt'],
  [
    'bekend-bij-schuldhulpverlening',
    'Inwoner al bekend bij schuldhulpverlening',
    'schuldhulpverlening-loopt',
    'opgepakt'
  ],
  ['ander-lopend-traject', 'Inwoner heeft al een ander lopend traject', 'afgerond', 'opgepakt'],
  ['zelf-betaald', 'Inwoner heeft zelf al betaald/betalingsregeling getroffen', 'afgerond', 'opgepakt'],
  ['overleden', 'Inwoner is overleden', 'overleden', 'niet-opgepakt'],
  [
    'geen-hulp-gewenst',
    'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
    'afgerond',
    'opgepakt'
  ],
  ['andere-reden', 'Niet opgepakt: andere reden', 'niet-opgepakt', 'niet-opgepakt'],
  ['herhaalde-melding', 'Niet opgepakt: herhaalde melding', 'herhaalde-melding', 'niet-opgepakt'],
  ['onterecht-signaal', 'Niet opgepakt: onterecht signaal', 'onterecht-signaal', 'niet-opgepakt'],
  ['geen-inwoner', 'Persoon is geen inwoner (meer) in de gemeente', 'geen-inwoner', 'niet-opgepakt'],
  ['vervolghulp', 'Vervolghulp en/of verwijzing', 'hulp-aanvaard', 'opgepakt'],
  ['vervolghulp-financieel', 'Vervolghulp en/of verwijzing financieel', 'hulp-aanvaard', 'opgepakt'],
  ['vervolghulp-niet-financieel', 'Vervolghulp en/of verwijzing niet financieel', 'afgerond', 'opgepakt'],
  ['verwijzing-zonder-inwoner', 'Verwijzing zonder tussenkomst inwoner', 'afgerond', 'opgepakt']
] as const
const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }
const nothing = { zaken: 0, koppelingen: 0, contactpogingen: 0 }

t.test('the results are the sixteen of DDAS v1.2, each with its exact value', async (t) => {
  t.equal(list.length, 16)
  const known = Object.entries(eindresultaten).map(([resultaat, { ddas }]) => [resultaat, ddas])
  t.same(
    known,
    list.map(([resultaat, ddas]) => [resultaat, ddas])
  )
})

t.test(
  'each result: what the partner hears, what its signal becomes, and when it is destroyed',
  async (t) => {
    const { hub, raalte, huur, send, openAt, householdAt } = await openStage(t)
    await setTerms(raalte, { geenHulpVernietigenNaDagen: 2 })
    const lives: { signal: string; zaak: string; resultaat: string }[] = []
    for (const [n, [resultaat, , terugkoppeling, status]] of list.entries()) {
      const signal = await send(huur, n + 1)
      const { id: zaak } = await openAt(n + 1)
      lives.push({ signal, zaak, resultaat })
      const answer = await close(raalte, zaak, { resultaat, datum: '2026-11-18' })
      t.equal(answer.statusCode, 200, resultaat)
      t.same(answer.json(), { resultaat, datum: '2026-11-18' })
      t.same(await heardOf(huur, signal), ['opgepakt', terugkoppeling], resultaat)
      if (resultaat === 'onterecht-signaal') {
        for (const url of [`${zaken}/${zaak}`, `${signalen}/${signal}`])
          t.equal((await raalte.get(url)).statusCode, 404, `${resultaat} is destroyed at once`)
        t.equal((await huur.get(`${signalen}/${signal}`)).statusCode, 404)
        continue
      }
      t.match((await raalte.get(`${zaken}/${zaak}`)).json(), { resultaat, resultaatdatum: '2026-11-18' })
      t.equal((await raalte.get(`${signalen}/${signal}`)).json().status, status, resultaat)
      const seenByPartner = await huur.get(`${signalen}/${signal}`)
      const isOver = ['afgerond', 'geen-inwoner'].includes(terugkoppeling)
      t.equal(seenByPartner.statusCode, isOver ? 404 : 200, resultaat)
      if (!isOver) t.equal(seenByPartner.json().status, status, resultaat)
      t.match(await householdAt(n + 1), { opgepakt: status === 'opgepakt' ? 1 : 0 }, resultaat)
    }
    t.equal((await raalte.get('/v1/huishoudens?opgepakt=false')).json().resultaten.length, 0, 'nothing waits')

    const standing = async () => {
      await hub.sweep()
      const left = new Set(await idsLeft(hub))
      return lives.filter(({ signal }) => left.has(signal)).map(({ resultaat }) => resultaat)
    }
    const all = lives.map(({ resultaat }) => resultaat).filter((one) => one !== 'onterecht-signaal')
    hub.setClock('2026-11-21T09:00:00Z')
    t.same(await standing(), all)
    hub.setClock('2026-11-22T09:00:00Z')
    t.same(
      await standing(),
      all.filter((resultaat) => resultaat !== 'geen-hulp-gewenst')
    )
    hub.setClock('2027-05-19T09:00:00Z')
    t.equal((await standing()).length, 14)
    hub.setClock('2027-05-20T09:00:00Z')
    t.same(await standing(), [])
    t.same(await rowsLeft(hub), nothing)
    t.same(await destroyed(raalte), ['bewaartermijn 14', 'geen-hulp 1', 'wissing 1'])
  }
)

t.test('no help wanted, 0 days: all of it is destroyed before the answer, with a proof', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  const ids = [await send(huur, 1), await send(water, 1)]
  const { id: huishoudenId } = await householdAt(1)
  const from = (await raalte.get('/v1/huishoudens/_deltas')).json().stateId
  const { id } = await openAt(1)
  await contact(raalte, id)
  t.equal((await close(raalte, id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)

  t.same(await idsLeft(hub), [])
  t.same(await rowsLeft(hub), nothing)
  t.same(await hub.admin('select from huishouden'), [])
  for (const path of [
    `${zaken}/${id}`,
    `${zaken}/${id}/contactpogingen`,
    `/v1/huishoudens/${huishoudenId}`
  ]) {
    t.equal((await raalte.get(path)).statusCode, 404, path)
  }
  for (const signal of ids) t.equal((await raalte.get(`${signalen}/${signal}`)).statusCode, 404)
  t.same(idsOf(await raalte.get(zaken)), [])
  t.same(idsOf(await raalte.get(signalen)), [])
  t.equal(await householdAt(1), undefined)
  const { deltas } = (await raalte.get(`/v1/huishoudens/_deltas?after=${from}`)).json()
  t.match(deltas, [{ soort: 'vervallen', huishoudenId }])
  t.notOk('huishouden' in deltas[0])

  const [proof, ...more] = (await raalte.get('/v1/vernietigingen')).json().resultaten
  t.same(more, [])
  t.match(proof, { aanleiding: 'geen-hulp', aantalVroegsignalen: 2, aantalHuishoudens: 1 })
  const [said] = await verifyChain(hub, await proofsOf(hub, '0177'))
  const today = { vernietigingsdatumVan: '2026-11-20', vernietigingsdatumTotEnMet: '2026-11-20' }
  t.match(
    said,
    { aanleiding: 'geen-hulp', aantalVroegsignalen: 2, ...today },
    'it does not tell the day of the term'
  )
  t.equal((await put(raalte, id, { resultaat: 'geen-hulp-gewenst' }, { 'if-match': '*' })).statusCode, 404)
})

t.test('what is not in the case stays, and so does its household, its id and other cases', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  const [inCase, beside, elsewhere] = [await send(huur, 1), await send(water, 1), await send(huur, 2)]
  const before = await householdAt(1)
  const { id: other } = await openAt(2)
  await contact(raalte, other)
  const zaak = made(await raalte.post(zaken, { huishoudenId: before.id, vroegsignaalIds: [inCase] }))
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)

  t.same((await idsLeft(hub)).sort(), [beside, elsewhere].sort())
  const after = await householdAt(1)
  t.match(after, { id: before.id, aantalSignalen: 1, opgepakt: 0, matchsoorten: ['enkelvoudig'] })
  t.same(
    after.vroegsignalen.map(({ id }: { id: string }) => id),
    [beside]
  )
  t.same(idsOf(await raalte.get(zaken)), [other])
  t.same(await rowsLeft(hub), { zaken: 1, koppelingen: 1, contactpogingen: 1 })
  t.same(await heardOf(water, beside), [])
  t.equal((await water.get(`${signalen}/${beside}`)).json().status, 'ontvangen')
  t.match((await raalte.get('/v1/vernietigingen')).json().resultaten, [
    { aanleiding: 'geen-hulp', aantalVroegsignalen: 1, aantalHuishoudens: 0 }
  ])
})

t.test('after n days: the municipality sees all of it until then, and from that day nothing', async (t) => {
  const { hub, raalte, huur, send, openAt, householdAt } = await openStage(t)
  await setTerms(raalte, { geenHulpVernietigenNaDagen: 5 })
  const signal = await send(huur, 1)
  const { id } = await openAt(1)
  await contact(raalte, id)
  const { id: huishoudenId } = await householdAt(1)
  // The days count from the request, not from the day on which help was declined.
  const closed = await close(raalte, id, { resultaat: 'geen-hulp-gewenst', datum: '2026-11-01' })
  t.equal(closed.statusCode, 200)
  await setTerms(raalte, { geenHulpVernietigenNaDagen: 30 })
  const statuses = () =>
    Promise.all(
      [
        `${zaken}/${id}`,
        `${zaken}/${id}/contactpogingen`,
        `${signalen}/${signal}`,
        `/v1/huishoudens/${huishoudenId}`
      ].map(async (url) => (await raalte.get(url)).statusCode)
    )
  hub.setClock('2026-11-24T22:59:00Z')
  t.equal(await hub.sweep(), 0)
  t.same(await statuses(), [200, 200, 200, 200])
  t.equal((await raalte.get(`${signalen}/${signal}`)).json().vernietigingsdatum, '2026-11-25')
  t.equal((await raalte.get(`${zaken}/${id}/contactpogingen`)).json().resultaten.length, 1)
  t.same(await destroyed(raalte), [])

  hub.setClock('2026-11-24T23:00:00Z')
  t.same(await statuses(), [404, 404, 404, 404], 'the day in Amsterdam, before any sweep')
  t.same(idsOf(await raalte.get(zaken)), [])
  t.same(idsOf(await raalte.get('/v1/huishoudens')), [])
  t.equal(await hub.sweep(), 1)
  t.same(await idsLeft(hub), [])
  t.same(await rowsLeft(hub), nothing)
  t.same(await hub.admin('select from huishouden'), [])
  t.same(await destroyed(raalte), ['geen-hulp 1'])
})

t.test('what comes in while it waits stays, in the same household', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  await setTerms(raalte, { geenHulpVernietigenNaDagen: 5 })
  await send(huur, 1)
  const { id } = await openAt(1)
  t.equal((await close(raalte, id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
  hub.setClock('2026-11-23T09:00:00Z')
  const later = await send(water, 1)
  const before = await householdAt(1)
  t.equal(before.aantalSignalen, 2)
  hub.setClock('2026-11-25T09:00:00Z')
  t.match(await householdAt(1), { id: before.id, aantalSignalen: 1, vroegsignalen: [{ id: later }] })
  t.equal(await hub.sweep(), 1)
  t.match(await householdAt(1), { id: before.id, aantalSignalen: 1, vroegsignalen: [{ id: later }] })
  t.same(await idsLeft(hub), [later])
})

t.test('never later than its own term, and then that is the reason', async (t) => {
  const { hub, raalte, huur, water, send, openAt } = await openStage(t)
  await setTerms(raalte, { geenHulpVernietigenNaDagen: 7, bewaartermijnMaanden: 1 })
  const old = await send(huur, 1)
  hub.setClock('2026-11-28T09:00:00Z')
  const young = await send(water, 1)
  const { id } = await openAt(1)
  hub.setClock('2026-12-15T09:00:00Z')
  const closed = await close(raalte, id, { resultaat: 'geen-hulp-gewenst', datum: '2026-12-15' })
  t.equal(closed.statusCode, 200)
  hub.setClock('2026-12-19T09:00:00Z')
  t.equal(await hub.sweep(), 0)
  hub.setClock('2026-12-20T09:00:00Z')
  t.equal(await hub.sweep(), 1)
  t.same(await idsLeft(hub), [young])
  t.equal((await raalte.get(`${signalen}/${old}`)).statusCode, 404)
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [young])
  hub.setClock('2026-12-22T09:00:00Z')
  t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 404)
  t.equal(await hub.sweep(), 1)
  t.same(await idsLeft(hub), [])
  t.same(await rowsLeft(hub), nothing)
  t.same(await destroyed(raalte), ['geen-hulp 1', 'bewaartermijn 1'])
})

t.test('a signal that was taken up twice takes both cases with it', async (t) => {
  const { hub, raalte, huur, send, openAt, householdAt } = await openStage(t)
  const signal = await send(huur, 1)
  const { id: first } = await openAt(1)
  t.equal((await close(raalte, first, { resultaat: 'vervolghulp' })).statusCode, 200)
  const { id: huishoudenId } = await householdAt(1)
  const again = made(await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [signal] }))
  t.equal((await close(raalte, again.id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
  t.same(await rowsLeft(hub), nothing)
  t.same(await heardOf(huur, signal), ['opgepakt', 'hulp-aanvaard', 'opgepakt', 'afgerond'])
})

t.test('what a partner withdrew because it was paid keeps nothing of the case alive', async (t) => {
  for (const isPartial of [true, false]) {
    const { hub, raalte, huur, water, send, openAt } = await openStage(t)
    const paid = await send(huur, 1)
    if (isPartial) await send(water, 1)
    const { id } = await openAt(1)
    await contact(raalte, id)
    made(await huur.post(`${signalen}/${paid}/intrekkingen`, { reden: 'betaald' }))
    t.equal((await close(raalte, id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
    t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 404)
    t.same(await rowsLeft(hub), nothing, isPartial ? 'one of two was paid' : 'all was paid')
    t.same(await idsLeft(hub), [], 'nor of what it withdrew')
    t.equal((await huur.get(`${signalen}/${paid}`)).statusCode, 404)
  }
})

t.test('a result is given once, by who knows the case, on a day that has been', async (t) => {
  const { raalte, olst, huur, water, send, openAt } = await openStage(t)
  const signal = await send(huur, 1)
  const { id } = await openAt(1)
  const stale = String((await raalte.get(`${zaken}/${id}`)).headers.etag)
  const later = await send(water, 1)
  made(await raalte.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: [later] }))
  const versions = [
    [{}, 428, 'versie-vereist'],
    [{ 'if-match': stale }, 412, 'verouderde-versie'],
    [{ 'if-match': '"x"' }, 412, 'verouderde-versie']
  ] as const
  for (const [headers, status, slug] of versions) {
    t.match((await put(raalte, id, {}, headers)).json(), { status, type: `/v1/problemen/${slug}` })
  }
  const any = { 'if-match': '*' }
  t.match((await put(raalte, id, { datum: '2026-11-21' }, any)).json(), {
    status: 400,
    errors: [{ in: 'body', location: '/datum' }]
  })
  for (const wrong of [{ resultaat: 'opgelost' }, { datum: '2026-02-30' }, { resultaat: 'afgerond' }]) {
    t.equal((await put(raalte, id, wrong, any)).statusCode, 400, JSON.stringify(wrong))
  }
  for (const [party, unknown] of [
    [olst, id],
    [raalte, nowhere]
  ] as const) {
    t.equal((await put(party, unknown, {}, any)).statusCode, 404)
  }
  t.equal((await put(huur, id, {}, any)).statusCode, 403)
  t.same(await heardOf(huur, signal), ['opgepakt'], 'none of that was a result')
  t.notOk('resultaat' in (await raalte.get(`${zaken}/${id}`)).json())

  const result = { resultaat: 'andere-reden', datum: '2026-11-20' }
  t.equal((await close(raalte, id, result)).statusCode, 200)
  for (let n = 0; n < 2; n += 1) {
    const again = await put(raalte, id, result, any)
    t.equal(again.statusCode, 200)
    t.same(again.json(), result)
  }
  for (const other of [{ resultaat: 'overleden' }, { datum: '2026-11-19' }]) {
    t.match((await put(raalte, id, { ...result, ...other }, any)).json(), conflict)
  }
  for (const one of [signal, later])
    t.match((await raalte.get(`${signalen}/${one}`)).json(), { status: 'niet-opgepakt' })
  t.same(await heardOf(huur, signal), ['opgepakt', 'niet-opgepakt'])
  t.same(await heardOf(water, later), ['opgepakt', 'niet-opgepakt'])
})

t.test('two results at once: one stands, and the partner hears only that one', async (t) => {
  const { raalte, huur, send, openAt } = await openStage(t)
  for (const [huisnummer, rivals] of [
    [1, ['overleden', 'geen-inwoner']],
    [2, ['overleden', 'overleden']]
  ] as const) {
    const signal = await send(huur, huisnummer)
    const { id } = await openAt(huisnummer)
    const answers = await Promise.all(
      rivals.map((resultaat) => put(raalte, id, { resultaat }, { 'if-match': '*' }))
    )
    const statuses = answers.map(({ statusCode }) => statusCode).sort()
    t.same(statuses, rivals[0] === rivals[1] ? [200, 200] : [200, 409])
    const { resultaat } = (await raalte.get(`${zaken}/${id}`)).json()
    t.same(await heardOf(huur, signal), ['opgepakt', resultaat])
  }
})

t.test('collection rests for thirty days from the day of the result', async (t) => {
  const { raalte, huur, send, openAt } = await openStage(t)
  await send(huur, 1)
  const { id } = await openAt(1)
  t.equal((await close(raalte, id, { resultaat: 'vervolghulp', datum: '2026-10-31' })).statusCode, 200)
  const { resultaten } = (await huur.get('/v1/terugkoppelingen')).json()
  t.match(resultaten.at(-1), { code: 'hulp-aanvaard', incassopauzeTotEnMet: '2026-11-30' })
})

async function setTerms(gemeente: Party, terms: object): Promise<void> {
  const { headers, ...current } = await gemeente.get('/v1/gemeenten/0177')
  const instellingen = { ...current.json().instellingen, ...terms }
  const answer = await gemeente.patch(
    '/v1/gemeenten/0177',
    { instellingen },
    { 'if-match': String(headers.etag) }
  )
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

async function contact(gemeente: Party, zaak: string): Promise<void> {
  const poging = { soort: 'telefoon', datum: '2026-11-20', bereikt: true }
  made(await gemeente.post(`${zaken}/${zaak}/contactpogingen`, poging))
}

async function idsLeft(hub: TestHub): Promise<string[]> {
  return (await hub.admin<{ id: string }>('select id from vroegsignaal')).map(({ id }) => id)
}

/** The aanleiding and the number of signals in each proof, newest first. */
async function destroyed(gemeente: Party): Promise<string[]> {
  const { resultaten } = (await gemeente.get('/v1/vernietigingen')).json()
  return resultaten.map(
    ({ aanleiding, aantalVroegsignalen }: { aanleiding: string; aantalVroegsignalen: number }) =>
      `${aanleiding} ${aantalVroegsignalen}`
  )
}

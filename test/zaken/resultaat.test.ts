import t from 'tap'
import { type Eindresultaat, eindresultaatlijst, gevolgVan } from '../../src/begrippen/eindresultaat.ts'
import { nowhere } from '../platform/http/operations.ts'
import { proofsOf, verifyChain } from '../vernietiging/proof-chain.ts'
import {
  close,
  heardOf,
  idsOf,
  made,
  openStage,
  put,
  recall,
  rowsLeft,
  type Stage,
  signalen,
  zaken
} from './zaak-stage.ts'

t.setTimeout(120_000)

const jansen = { betrokkene: { naam: { voorletters: 'A.', geslachtsnaam: 'Jansen' } } }
const bakker = { betrokkene: { naam: { voorletters: 'P.', geslachtsnaam: 'Bakker' } } }
const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }
const unclear = { status: 422, type: '/v1/problemen/betrokkene-onduidelijk' }
const any = { 'if-match': '*' }

const stage = await openStage(t)
const { hub, raalte, olst, huur, water, send, openAt } = stage
let houses = 0
/** Opens a case with a signal about Jansen and one about Bakker, on one address. */
async function openForTwo({ send, openAt }: Stage = stage) {
  houses += 1
  const ids = { rent: await send(huur, houses, jansen), tap: await send(water, houses, bakker) }
  const { id } = await openAt(houses)
  return { ...ids, id, huisnummer: houses }
}
/** Opens a case with one signal of each partner, about one person. */
async function openForOne() {
  houses += 1
  const ids = { rent: await send(huur, houses), tap: await send(water, houses) }
  const { id, huishoudenId } = await openAt(houses)
  return { ...ids, id, huishoudenId, huisnummer: houses }
}
const statusOf = async (id: string) => (await raalte.get(`${signalen}/${id}`)).json().status

t.test("a fact about one person is told to nobody else's creditor", async (t) => {
  const facts = eindresultaatlijst.filter((one) => gevolgVan(one).isPersoonsfeit)
  t.same(facts, [
    'budgetadvies',
    'bekend-bij-schuldhulpverlening',
    'overleden',
    'geen-inwoner',
    'vervolghulp',
    'vervolghulp-financieel',
    'vervolghulp-niet-financieel'
  ])
  for (const resultaat of facts) {
    const { rent, tap, id } = await openForTwo()
    const answer = await close(raalte, id, { resultaat })
    t.match(answer.json(), { ...unclear, errors: [{ in: 'body', location: '/betreft' }] }, resultaat)
    t.match(answer.json().errors[0].detail, 'Noem in `betreft`')
    t.same(await heardOf(huur, rent), ['opgepakt'], 'and nothing was said')

    const closed = await close(raalte, id, { resultaat, betreft: [rent] })
    t.equal(closed.statusCode, 200, closed.body)
    t.same(closed.json().betreft, [rent])
    const { terugkoppeling, status } = gevolgVan(resultaat)
    t.same(await heardOf(huur, rent), ['opgepakt', terugkoppeling], resultaat)
    t.same(await heardOf(water, tap), ['opgepakt', 'afgerond'], resultaat)
    t.equal(await statusOf(rent), status)
    t.equal(await statusOf(tap), 'opgepakt')
    t.equal((await water.get(`${signalen}/${tap}`)).statusCode, 404, 'for that one is over')
    t.match((await raalte.get(`${zaken}/${id}`)).json(), { resultaat, betreft: [rent] })
  }
})

t.test(
  'any other result needs no betreft, and with one partners of the rest still hear afgerond',
  async (t) => {
    const { rent, tap, id } = await openForTwo()
    t.equal((await close(raalte, id, { resultaat: 'andere-reden' })).statusCode, 200)
    for (const [partner, signal] of [
      [huur, rent],
      [water, tap]
    ] as const) {
      t.same(await heardOf(partner, signal), ['opgepakt', 'niet-opgepakt'])
    }
    t.notOk('betreft' in (await raalte.get(`${zaken}/${id}`)).json())

    const other = await openForOne()
    const result = { resultaat: 'herhaalde-melding', betreft: [other.rent] }
    t.equal((await close(raalte, other.id, result)).statusCode, 200)
    t.same(await heardOf(huur, other.rent), ['opgepakt', 'herhaalde-melding'])
    t.same(
      await heardOf(water, other.tap),
      ['opgepakt', 'afgerond'],
      'a fact about a signal is about no other'
    )
  }
)

t.test('signals about the same person count along, those that may be of another do not', async (t) => {
  const zorg = await stage.partner('zorgverzekering')
  const geslachtsnaam = { betrokkene: { naam: { voorletters: undefined, geslachtsnaam: 'Jansen' } } }
  for (const other of [bakker, { betrokkene: { naam: { voorletters: 'P.', geslachtsnaam: 'Jansen' } } }]) {
    houses += 1
    const rent = await send(huur, houses, jansen)
    const care = await send(zorg, houses, geslachtsnaam)
    const tap = await send(water, houses, other)
    const { id } = await openAt(houses)
    t.equal((await close(raalte, id, { resultaat: 'overleden', betreft: [rent] })).statusCode, 200)
    t.same(await heardOf(huur, rent), ['opgepakt', 'overleden'])
    t.same(await heardOf(zorg, care), ['opgepakt', other === bakker ? 'overleden' : 'afgerond'])
    t.same(await heardOf(water, tap), ['opgepakt', 'afgerond'])
  }
})

t.test('400 names each signal of betreft that is not in the case', async (t) => {
  const { rent, id } = await openForTwo()
  const elsewhere = await openForTwo()
  const answer = await close(raalte, id, { resultaat: 'overleden', betreft: [rent, elsewhere.rent, nowhere] })
  t.match(answer.json(), { status: 400, type: '/v1/problemen/ongeldige-invoer' })
  t.same(
    answer.json().errors.map(({ location }: { location: string }) => location),
    ['/betreft/1', '/betreft/2']
  )
  t.equal((await close(raalte, id, { resultaat: 'overleden', betreft: [] })).statusCode, 400)
  t.same(await heardOf(huur, rent), ['opgepakt'])
})

t.test('the same result for the same signals may be sent again, for others it is another: 409', async (t) => {
  const { rent, tap, id } = await openForTwo()
  const result = { resultaat: 'overleden', betreft: [rent] }
  t.equal((await close(raalte, id, result)).statusCode, 200)
  t.equal((await put(raalte, id, result, any)).statusCode, 200)
  t.match((await put(raalte, id, { ...result, betreft: [tap] }, any)).json(), conflict)
  t.match((await put(raalte, id, { resultaat: 'overleden' }, any)).json(), conflict)
  t.same(await heardOf(huur, rent), ['opgepakt', 'overleden'])
})

t.test('nobody accepts help who was never reached: 422, until a contact is recorded', async (t) => {
  const accepted: Eindresultaat[] = [
    'budgetadvies',
    'vervolghulp',
    'vervolghulp-financieel',
    'vervolghulp-niet-financieel'
  ]
  t.same(
    eindresultaatlijst.filter((one) => gevolgVan(one).isNaContact),
    accepted
  )
  for (const resultaat of accepted) {
    const { rent, id } = await openForOne()
    const url = `${zaken}/${id}/contactpogingen`
    const poging = { soort: 'telefoon', datum: '2026-11-20', bereikt: false }
    made(await raalte.post(url, poging))
    const answer = await put(raalte, id, { resultaat }, any)
    t.match(answer.json(), { ...unclear, errors: [{ in: 'body', location: '/resultaat' }] }, resultaat)
    t.match(answer.json().errors[0].detail, 'contactpoging')
    t.same(await heardOf(huur, rent), ['opgepakt'])
    made(await raalte.post(url, { ...poging, bereikt: true }))
    t.equal((await put(raalte, id, { resultaat }, any)).statusCode, 200)
  }
})

t.test('all that is missing is named at once', async (t) => {
  const { id } = await openForTwo()
  const { errors } = (await put(raalte, id, { resultaat: 'vervolghulp' }, any)).json()
  t.same(
    errors.map(({ location }: { location: string }) => location),
    ['/betreft', '/resultaat']
  )
})

t.test(
  'budget advice is accepted help, with thirty days of rest; other help is told as afgerond',
  async (t) => {
    const { rent, id } = await openForOne()
    t.equal((await close(raalte, id, { resultaat: 'budgetadvies', datum: '2026-11-20' })).statusCode, 200)
    const { resultaten } = (await huur.get('/v1/terugkoppelingen?limit=1000')).json()
    const last = resultaten.findLast((one: { vroegsignaalId: string }) => one.vroegsignaalId === rent)
    t.match(last, { code: 'hulp-aanvaard', incassopauzeTotEnMet: '2026-12-20' })
    const other = await openForOne()
    t.equal((await close(raalte, other.id, { resultaat: 'vervolghulp-niet-financieel' })).statusCode, 200)
    t.same(await heardOf(huur, other.rent), ['opgepakt', 'afgerond'])
  }
)

t.test('a wrong signal is destroyed before the answer, and its partner hears why', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  const wrong = await send(huur, 1, { soort: 'ontruimingssignaal', referentie: 'FOUT' })
  const right = await send(water, 1)
  made(await raalte.post(`${signalen}/${wrong}/betwistingen`, { reden: 'te-klein' }))
  const { id } = await openAt(1)
  const result = { resultaat: 'onterecht-signaal', betreft: [wrong] }
  t.equal((await close(raalte, id, result)).statusCode, 200)
  t.same(await hub.admin('select id from vroegsignaal'), [{ id: right }])
  t.same(await hub.admin('select from betwisting'), [])
  t.match(await householdAt(1), { aantalSignalen: 1, crisis: false, matchsoorten: ['enkelvoudig'] })
  for (const party of [raalte, huur]) t.equal((await party.get(`${signalen}/${wrong}`)).statusCode, 404)
  t.same(await heardOf(huur, wrong), ['betwist', 'opgepakt', 'onterecht-signaal'])
  t.same(await heardOf(water, right), ['opgepakt', 'afgerond'])
  t.match((await raalte.get(`${zaken}/${id}`)).json(), { vroegsignaalIds: [right], betreft: [] })
  t.equal((await put(raalte, id, result, any)).statusCode, 200, 'and may be said again')
  const [said] = await verifyChain(hub, await proofsOf(hub, '0177'))
  t.match(said, { aanleiding: 'wissing', aantalVroegsignalen: 1, aantalHuishoudens: 0 })

  const alone = await send(huur, 2)
  const zaak = await openAt(2)
  t.equal((await close(raalte, zaak.id, { resultaat: 'onterecht-signaal' })).statusCode, 200)
  t.equal((await raalte.get(`${zaken}/${zaak.id}`)).statusCode, 404)
  t.equal(await householdAt(2), undefined)
  hub.setClock('2027-05-20T09:00:00Z')
  await hub.sweep()
  t.same(await heardOf(huur, alone), [], 'until the term of the signal')
  t.same(await rowsLeft(hub), { zaken: 0, koppelingen: 0, contactpogingen: 0 })
})

t.test('a wrong result is recalled: partners hear correctie and the case is open again', async (t) => {
  for (const resultaat of ['overleden', 'geen-contact', 'vervolghulp'] as const) {
    const { rent, tap, id, huisnummer } = await openForOne()
    const before = await raalte.get(`${zaken}/${id}`)
    t.equal((await close(raalte, id, { resultaat })).statusCode, 200)
    const answer = await recall(raalte, id)
    t.equal(answer.statusCode, 204, answer.body)
    const { terugkoppeling } = gevolgVan(resultaat)
    t.same(await heardOf(huur, rent), ['opgepakt', terugkoppeling, 'correctie'])
    t.same(await heardOf(water, tap), ['opgepakt', terugkoppeling, 'correctie'])
    t.same((await raalte.get(`${zaken}/${id}`)).json(), before.json())
    for (const signal of [rent, tap]) t.equal(await statusOf(signal), 'opgepakt')
    t.equal((await huur.get(`${signalen}/${rent}`)).statusCode, 200, 'its partner sees the signal')
    t.equal((await huur.get(`${signalen}/${rent}/meldbewijs`)).statusCode, 200)
    t.same(await hub.admin('select from gemeld_signaal where id = $1', [rent]), [])
    t.match(await stage.householdAt(huisnummer), { opgepakt: 2 })

    t.equal((await close(raalte, id, { resultaat: 'geen-contact' })).statusCode, 200, 'and closes anew')
    t.same(await heardOf(huur, rent), ['opgepakt', terugkoppeling, 'correctie', 'afgerond'])
    t.equal((await huur.get(`${signalen}/${rent}/meldbewijs`)).statusCode, 200)
  }
})

t.test('what one of two persons was said to be is recalled for both', async (t) => {
  const { rent, tap, id } = await openForTwo()
  t.equal((await close(raalte, id, { resultaat: 'overleden', betreft: [rent] })).statusCode, 200)
  t.equal((await recall(raalte, id)).statusCode, 204)
  t.same(await heardOf(huur, rent), ['opgepakt', 'overleden', 'correctie'])
  t.same(await heardOf(water, tap), ['opgepakt', 'afgerond', 'correctie'])
  t.notOk('betreft' in (await raalte.get(`${zaken}/${id}`)).json())
  t.equal((await close(raalte, id, { resultaat: 'overleden', betreft: [tap] })).statusCode, 200)
  t.same(await heardOf(water, tap), ['opgepakt', 'afgerond', 'correctie', 'overleden'])
  t.same(await heardOf(huur, rent), ['opgepakt', 'overleden', 'correctie', 'afgerond'])
})

t.test(
  'recalled before its day, no help wanted gives signals, case and contests their term back',
  async (t) => {
    const { hub, raalte, huur, send, openAt } = await openStage(t)
    const { etag } = (await raalte.get('/v1/gemeenten/0177')).headers
    const settings = { instellingen: { geenHulpVernietigenNaDagen: 5 } }
    await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': String(etag) })
    const signal = await send(huur, 1)
    made(await raalte.post(`${signalen}/${signal}/betwistingen`, { reden: 'anders' }))
    const { id } = await openAt(1)
    t.equal((await close(raalte, id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
    t.equal((await recall(raalte, id)).statusCode, 204)
    hub.setClock('2026-11-26T09:00:00Z')
    t.equal(await hub.sweep(), 0)
    t.match((await huur.get(`${signalen}/${signal}`)).json(), { vernietigingsdatum: '2027-05-20' })
    t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 200)
    t.equal(idsOf(await raalte.get('/v1/betwistingen')).length, 1)
    hub.setClock('2027-05-20T09:00:00Z')
    t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 404)
    t.equal(await hub.sweep(), 1)
    t.match(await hub.admin('select aanleiding from vernietiging'), [{ aanleiding: 'bewaartermijn' }])
  }
)

t.test('what was destroyed or withdrawn stays gone, and what is left is open again', async (t) => {
  const { rent, tap, id } = await openForOne()
  const result = { resultaat: 'onterecht-signaal', betreft: [rent] }
  t.equal((await close(raalte, id, result)).statusCode, 200)
  t.equal((await recall(raalte, id)).statusCode, 204)
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [tap])
  t.same(await heardOf(huur, rent), ['opgepakt', 'onterecht-signaal'])
  t.same(await heardOf(water, tap), ['opgepakt', 'afgerond', 'correctie'])
})

t.test('409 when there is nothing to recall, or a later case in the way', async (t) => {
  const { rent, id, huishoudenId } = await openForOne()
  t.match((await recall(raalte, id)).json(), conflict, 'no result')
  t.equal((await close(raalte, id, { resultaat: 'vervolghulp' })).statusCode, 200)
  hub.setClock('2026-11-20T09:01:00Z')
  const later = made(await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [rent] }))
  t.match((await recall(raalte, id)).json(), conflict, 'the household has an open case')
  t.equal((await close(raalte, later.id, { resultaat: 'geen-contact' })).statusCode, 200)
  t.match((await recall(raalte, id)).json(), conflict, 'one of the signals has a later result')
  t.equal((await recall(raalte, later.id)).statusCode, 204)
  t.match((await recall(raalte, id)).json(), conflict)
  hub.setClock('2026-11-20T09:00:00Z')

  const other = await openForOne()
  made(await huur.post(`${signalen}/${other.rent}/intrekkingen`, { reden: 'foutief' }))
  t.equal((await close(raalte, other.id, { resultaat: 'herhaalde-melding' })).statusCode, 200)
  made(await water.post(`${signalen}/${other.tap}/intrekkingen`, { reden: 'foutief' }))
  t.equal((await recall(raalte, other.id, '*')).statusCode, 404, 'the case went with its last signal')
})

t.test('a recall is for who may write the case, with its current ETag', async (t) => {
  const { id } = await openForOne()
  t.equal((await close(raalte, id, { resultaat: 'overleden' })).statusCode, 200)
  const url = `${zaken}/${id}/resultaat`
  t.match((await raalte.delete(url)).json(), { status: 428 })
  t.match((await raalte.delete(url, { 'if-match': '"x"' })).json(), { status: 412 })
  t.equal((await olst.delete(url, any)).statusCode, 404)
  t.equal((await raalte.delete(`${zaken}/${nowhere}/resultaat`, any)).statusCode, 404)
  const reader = await hub.gemeente('0177', 'Raalte', ['huishoudens:lezen'])
  for (const party of [reader, huur, hub.beheer]) t.equal((await party.delete(url, any)).statusCode, 403)
  t.match((await raalte.get(`${zaken}/${id}`)).json(), { resultaat: 'overleden' })
})

t.test('of ten who recall at once one does, and partners hear it once', async (t) => {
  const { rent, id } = await openForOne()
  t.equal((await close(raalte, id, { resultaat: 'overleden' })).statusCode, 200)
  const answers = await Promise.all(Array.from({ length: 10 }, () => recall(raalte, id, '*')))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [204, ...Array(9).fill(409)])
  t.same(await heardOf(huur, rent), ['opgepakt', 'overleden', 'correctie'])
})

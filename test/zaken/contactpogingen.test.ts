import t from 'tap'
import type { Overrides } from '../helpers/builders.ts'
import { nowhere } from '../platform/http/operations.ts'
import { close, heardOf, idsOf, made, openStage, signalen, walk, zaken } from './zaak-stage.ts'

t.setTimeout(120_000)

// The words of DDAS v1.2, as listed in the contract.
const soorten = [
  'mail',
  'brief',
  'sms-whatsapp',
  'telefoon',
  'huisbezoek',
  'kaartje',
  'afspraak-op-locatie',
  'administratief',
  'overige',
  'onbekend'
]
const poging = { soort: 'telefoon', datum: '2026-11-20', bereikt: true }
const agreed = { ...poging, wenstGeenContact: true, toestemmingsdatum: '2026-11-20' }
const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }

const stage = await openStage(t)
const { hub, raalte, huur, water, send, openAt } = stage
let houses = 0
/** Opens a case with a signal of each partner. Also gives its URL for contactpogingen. */
async function openZaak() {
  houses += 1
  const signals = { rent: await send(huur, houses), tap: await send(water, houses) }
  const { id } = await openAt(houses)
  return { ...signals, id, huisnummer: houses, url: `${zaken}/${id}/contactpogingen` }
}

t.test('every kind and part of the day is recorded, and reads back as it was given, in order', async (t) => {
  const { url } = await openZaak()
  const given: object[] = soorten.map((soort, index) => ({ ...poging, soort, bereikt: index % 2 === 0 }))
  for (const dagdeel of ['ochtend', 'middag', 'avond']) given.push({ ...poging, dagdeel })
  given.push({ ...poging, datum: '2026-11-01', toestemmingsdatum: '2026-11-02' })
  const recorded: object[] = []
  for (const body of given) {
    const { id, ...shown } = made(await raalte.post(url, body))
    t.same(shown, body)
    recorded.push({ id, ...body })
  }
  const whole = await raalte.get(url)
  t.same(whole.json().resultaten, recorded)
  t.equal(whole.headers.link, undefined)
  for (const limit of [1, 5]) {
    const { resultaten, pages } = await walk(raalte, `${url}?limit=${limit}`)
    t.same(resultaten, recorded)
    t.equal(pages, Math.ceil(recorded.length / limit))
  }
  const other = await openZaak()
  t.same((await raalte.get(other.url)).json().resultaten, [], 'and no other case has any of them')
})

t.test(
  'that a resident wants no contact is heard only with consent, by each partner of the case and no other',
  async (t) => {
    const { rent, tap, huisnummer, url } = await openZaak()
    const neighbour = await openZaak()
    const later = await send(huur, huisnummer)
    made(await raalte.post(url, poging))
    t.same(await heardOf(huur, rent), ['opgepakt'], 'an attempt as such is told to nobody')
    t.match(made(await raalte.post(url, { ...poging, wenstGeenContact: true })), { wenstGeenContact: true })
    t.same(await heardOf(huur, rent), ['opgepakt'], 'without consent it stays inside')
    t.match(made(await raalte.post(url, agreed)), agreed)
    t.same(await heardOf(huur, rent), ['opgepakt', 'wenst-geen-contact'])
    t.same(await heardOf(water, tap), ['opgepakt', 'wenst-geen-contact'])
    t.same(await heardOf(huur, later), [], 'nor what is not in the case')
    t.same(await heardOf(huur, neighbour.rent), ['opgepakt'])
  }
)

t.test('where a case is about two persons, no partner hears that one of them wants no contact', async (t) => {
  houses += 1
  const betrokkene = { naam: { voorletters: 'B.', geslachtsnaam: 'Bakker' } }
  const [rent, tap] = [await send(huur, houses), await send(water, houses, { betrokkene })]
  const { id } = await openAt(houses)
  made(await raalte.post(`${zaken}/${id}/contactpogingen`, agreed))
  t.same(await heardOf(huur, rent), ['opgepakt'])
  t.same(await heardOf(water, tap), ['opgepakt'])
})

t.test('a partner whose signal was withdrawn hears nothing more', async (t) => {
  const { rent, tap, url } = await openZaak()
  made(await huur.post(`${signalen}/${rent}/intrekkingen`, { reden: 'betaald' }))
  made(await raalte.post(url, agreed))
  t.same(await heardOf(huur, rent), ['opgepakt'])
  t.same(await heardOf(water, tap), ['opgepakt', 'wenst-geen-contact'])
})

t.test('who wrote that nobody asked for rest says nothing', async (t) => {
  const { rent, url } = await openZaak()
  const answer = await raalte.post(url, {
    ...poging,
    wenstGeenContact: false,
    toestemmingsdatum: '2026-11-20'
  })
  t.equal(answer.statusCode, 201, answer.body)
  t.notOk('wenstGeenContact' in answer.json())
  t.same(await heardOf(huur, rent), ['opgepakt'])
})

t.test('400 with the place of each fault, and nothing is recorded or told', async (t) => {
  const { rent, url } = await openZaak()
  const without = (field: keyof typeof poging) => ({ ...poging, [field]: undefined })
  const faults: [Overrides, string][] = [
    [without('soort'), '/soort'],
    [without('datum'), '/datum'],
    [without('bereikt'), '/bereikt'],
    [{ ...poging, soort: 'fax' }, '/soort'],
    [{ ...poging, dagdeel: 'nacht' }, '/dagdeel'],
    [{ ...poging, bereikt: 'true' }, '/bereikt'],
    [{ ...poging, wenstGeenContact: 'true' }, '/wenstGeenContact'],
    [{ ...poging, datum: '2026-02-30' }, '/datum'],
    [{ ...poging, datum: '2026-11-21' }, '/datum'],
    [{ ...poging, toestemmingsdatum: '2026-11-21' }, '/toestemmingsdatum'],
    [{ ...poging, wenstGeenContact: true, notitie: 'De buurvrouw weet meer' }, ''],
    [{ ...poging, telefoonnummer: '+31600000000' }, '']
  ]
  for (const [body, location] of faults) {
    const answer = await raalte.post(url, body)
    t.match(answer.json(), { status: 400, errors: [{ in: 'body', location }] }, JSON.stringify(body))
    t.notMatch(answer.body, 'buurvrouw')
  }
  t.same((await raalte.get(url)).json().resultaten, [])
  t.same(await heardOf(huur, rent), ['opgepakt'])
})

t.test('today is the day in Amsterdam', async (t) => {
  const { url } = await openZaak()
  hub.setClock('2026-11-20T23:30:00Z')
  const tomorrow = { ...poging, datum: '2026-11-21', toestemmingsdatum: '2026-11-21' }
  const answer = await raalte.post(url, tomorrow)
  hub.setClock('2026-11-20T09:00:00Z')
  t.match(made(answer), tomorrow)
})

t.test('a closed case takes no more attempts: 409; those it has are still read', async (t) => {
  const { id, rent, url } = await openZaak()
  made(await raalte.post(url, poging))
  t.equal((await close(raalte, id)).statusCode, 200)
  t.match((await raalte.post(url, { ...poging, wenstGeenContact: true })).json(), conflict)
  t.equal((await raalte.get(url)).json().resultaten.length, 1)
  t.same(await heardOf(huur, rent), ['opgepakt', 'hulp-aanvaard'])
})

t.test('an attempt leaves the case and its ETag as they were', async (t) => {
  const { id, url } = await openZaak()
  const before = await raalte.get(`${zaken}/${id}`)
  made(await raalte.post(url, { ...poging, wenstGeenContact: true }))
  const after = await raalte.get(`${zaken}/${id}`)
  t.equal(after.headers.etag, before.headers.etag)
  t.same(after.json(), before.json())
  t.equal((await close(raalte, id, {}, String(before.headers.etag))).statusCode, 200)
})

t.test('a repeat with the same Idempotency-Key records and tells nothing twice', async (t) => {
  const { id, rent, url } = await openZaak()
  const key = { 'idempotency-key': 'poging' }
  const body = agreed
  const first = await raalte.post(url, body, key)
  made(first)
  t.equal((await close(raalte, id)).statusCode, 200)
  const again = await raalte.post(url, body, key)
  t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.same(again.json(), first.json())
  t.equal((await raalte.post(url, poging, key)).statusCode, 422)
  t.same(idsOf(await raalte.get(url)), [first.json().id])
  t.same(await heardOf(huur, rent), ['opgepakt', 'wenst-geen-contact', 'hulp-aanvaard'])
})

t.test('each attempt, and each reading of them, leaves a line in the processing log', async (t) => {
  const { id, url } = await openZaak()
  made(await raalte.post(url, poging))
  await raalte.get(url)
  await raalte.post(url, { ...poging, soort: 'fax' })
  const lines = await hub.admin<{ activiteit: string }>(
    `select activiteit from verwerking where object_id = $1 and client_id::text = $2 order by activiteit`,
    [id, raalte.clientId]
  )
  t.same(
    lines.map(({ activiteit }) => activiteit),
    ['contactpoging-vastleggen', 'zaak-inzien', 'zaak-openen']
  )
})

t.test('404: a case that does not exist', async (t) => {
  const url = `${zaken}/${nowhere}/contactpogingen`
  t.equal((await raalte.get(url)).statusCode, 404)
  t.equal((await raalte.post(url, poging)).statusCode, 404)
  t.same(await hub.admin('select from contactpoging where zaak_id = $1', [nowhere]), [])
})

t.test('twenty attempts at once are all kept, each once', async (t) => {
  const { url } = await openZaak()
  const answers = await Promise.all(Array.from({ length: 20 }, () => raalte.post(url, poging)))
  t.same([...new Set(answers.map(({ statusCode }) => statusCode))], [201])
  t.same(idsOf(await raalte.get(url)), answers.map((answer) => answer.json().id).sort())
})

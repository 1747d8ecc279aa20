import t from 'tap'
import { deliver, faultsOf, linesOf, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { aSignal, aSignalFor, testBsn } from '../helpers/builders.ts'
import type { Answer, Party } from '../helpers/test-hub.ts'
import { idsOf, made, signalen } from '../zaken/zaak-stage.ts'
import { adres, dijk, openRights } from './resident.ts'

const bezwaren = '/v1/bezwaren'
const object = (party: Party, body: object, headers = {}) => party.post(bezwaren, body, headers)

let sent = 0
/** A signal about the resident, as a partner may write the name. */
function about(
  naam: object = { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Dijk' },
  more: object = {}
) {
  sent += 1
  return aSignal({
    referentie: `B-${sent}`,
    klantnummer: `K-${sent}`,
    adres,
    betrokkene: { naam, ...more }
  } as never)
}

const isRefused = (answer: Answer) =>
  answer.statusCode === 422 && faultsOf(answer.json()).some((fault) => fault.endsWith('geen-bezwaar'))

t.test(
  'what is held goes at once, what is new is refused, single and in a delivery, also spelled another way',
  async (t) => {
    const { hub, raalte, huur, water, vanDijk } = await openRights(t)
    const held = [await vanDijk(huur), await vanDijk(water)]
    const answer = await object(raalte, dijk)
    t.equal(answer.statusCode, 201, answer.body)
    t.match(answer.json(), { gemeentecode: '0177', einddatum: '2028-11-20' })
    t.same(await hub.admin('select from vroegsignaal'), [], 'gone before the answer')
    for (const id of held) t.equal((await raalte.get(`${signalen}/${id}`)).statusCode, 404)
    const records = (await raalte.get('/v1/vernietigingen')).json().resultaten
    t.match(records, [{ aanleiding: 'bezwaar', aantalVroegsignalen: 2 }])

    const spellings = [
      { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Dijk' },
      { voorletters: 'a', geslachtsnaam: 'VAN DIJK' },
      { geslachtsnaam: 'Dijk, van' },
      { geslachtsnaam: 'dijk', voorvoegsel: 'v.' },
      { geslachtsnaam: 'Bakker-van Dijk' }
    ]
    for (const naam of spellings)
      t.ok(isRefused(await huur.post(signalen, about(naam))), JSON.stringify(naam))
    const body = ndjson([about(), about({ geslachtsnaam: 'Ander' }), about({ geslachtsnaam: 'Van Dijk' })])
    const lines = await linesOf(huur, (await deliver(huur, body)).json().id)
    t.same(
      lines.map(({ uitkomst }) => uitkomst),
      ['afgewezen', 'opgenomen', 'afgewezen']
    )
    t.match(faultsOf(lines[0]!), [/geen-bezwaar/])
    t.equal(
      (
        await water.post(
          signalen,
          aSignalFor('drinkwater', { referentie: 'W-1', adres, betrokkene: { naam: spellings[0] } } as never)
        )
      ).statusCode,
      422,
      'of every partner'
    )

    const rows = JSON.stringify(await hub.admin('select * from bezwaar'))
    t.notMatch(rows, /dijk|8101/i)
    t.notMatch(hub.logLines.join(), /[Dd]ijk/)
  }
)

t.test('of one partner: only its signals go and are refused', async (t) => {
  const { raalte, huur, water, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const stays = await vanDijk(water)
  made(await object(raalte, { ...dijk, signaalpartnerId: huur.id }))
  t.same(idsOf(await raalte.get(signalen)), [stays])
  t.ok(isRefused(await huur.post(signalen, about())))
  const other = aSignalFor('drinkwater', {
    referentie: 'W-2',
    klantnummer: 'W-2',
    adres,
    betrokkene: { naam: dijk.naam }
  } as never)
  t.equal((await water.post(signalen, other)).statusCode, 201)
})

t.test(
  'another birth date on the address is somebody else; housemates and other addresses are not refused',
  async (t) => {
    const { raalte, huur } = await openRights(t)
    made(await object(raalte, { ...dijk, geboortedatum: '1985-06-15' }))
    t.ok(isRefused(await huur.post(signalen, about(undefined, { geboortedatum: '1985-06-15' }))))
    t.ok(isRefused(await huur.post(signalen, about())), 'without a birth date it may be the same person')
    t.equal((await huur.post(signalen, about(undefined, { geboortedatum: '2001-01-01' }))).statusCode, 201)
    t.equal((await huur.post(signalen, about({ geslachtsnaam: 'Huisgenoot' }))).statusCode, 201)
    t.equal(
      (await huur.post(signalen, { ...about(), adres: { ...aSignal().adres, huisnummer: 3 } })).statusCode,
      201
    )
  }
)

t.test('by BSN, with dots or spaces', async (t) => {
  const { raalte, zorg } = await openRights(t)
  const withBsn = (referentie: string) =>
    aSignalFor('zorgverzekering', {
      referentie,
      klantnummer: referentie,
      adres,
      betrokkene: { burgerservicenummer: testBsn }
    } as never)
  const held = made(await zorg.post(signalen, withBsn('Z-1'))).id
  const dotted = `${testBsn.slice(0, 4)}.${testBsn.slice(4, 6)}.${testBsn.slice(6)}`
  made(await object(raalte, { burgerservicenummer: dotted }))
  t.equal((await raalte.get(`${signalen}/${held}`)).statusCode, 404)
  t.ok(isRefused(await zorg.post(signalen, withBsn('Z-2'))))
})

t.test('a partner objects for its own customer only, and ends only what it registered', async (t) => {
  const { hub, raalte, huur, water, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const stays = await vanDijk(water)
  const own = made(await object(huur, { ...dijk, gemeentecode: '0177' }))
  t.equal(own.signaalpartnerId, huur.id)
  t.same(idsOf(await raalte.get(signalen)), [stays])
  t.equal((await object(huur, { ...dijk, gemeentecode: '0177', signaalpartnerId: water.id })).statusCode, 400)
  t.equal((await object(huur, { ...dijk, gemeentecode: '0999' })).statusCode, 403)
  const ofGemeente = made(await object(raalte, { ...dijk, signaalpartnerId: huur.id }))
  for (const id of [own.id, ofGemeente.id]) {
    const answer = await water.delete(`${bezwaren}/${id}`, { 'if-match': '*' })
    t.equal(answer.statusCode, 404)
  }
  t.equal((await huur.delete(`${bezwaren}/${ofGemeente.id}`, { 'if-match': '*' })).statusCode, 404)
  t.equal((await huur.delete(`${bezwaren}/${own.id}`, { 'if-match': '*' })).statusCode, 204)
  t.ok(isRefused(await huur.post(signalen, about())), 'that of the municipality holds')
  t.equal((await raalte.delete(`${bezwaren}/${ofGemeente.id}`, { 'if-match': '*' })).statusCode, 204)
  t.equal((await huur.post(signalen, about())).statusCode, 201, 'taken back')
  t.same(await hub.admin('select from bezwaar'), [])
})

t.test('another municipality sees nothing of it, and it ends with its term', async (t) => {
  const { hub, raalte, olst, huur } = await openRights(t)
  const { id } = made(await object(raalte, dijk))
  t.equal((await olst.delete(`${bezwaren}/${id}`, { 'if-match': '*' })).statusCode, 404)
  hub.setClock('2028-11-21T09:00:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from bezwaar'), [])
  const late = {
    ...about(),
    signaaldatum: '2028-11-21',
    achterstand: { bedragInCenten: 84_500, ontstaansdatum: '2028-09-01' }
  }
  const incasso = {
    persoonlijkContact: [{ datum: '2028-10-10', kanaal: 'telefoon' }],
    herinneringen: ['2028-10-05'],
    gewezenOpSchuldhulpverlening: '2028-10-05',
    aanbodGegevensdeling: '2028-10-05',
    reactie: 'geen'
  }
  const answer = await huur.post(signalen, { ...late, socialeIncasso: incasso })
  t.equal(answer.statusCode, 201, answer.body)
})

t.test(
  'a repeat with the same key has no second effect; the same key for somebody else is refused',
  async (t) => {
    const { hub, raalte, huur, vanDijk } = await openRights(t)
    await vanDijk(huur)
    const key = { 'idempotency-key': 'bezwaar-1' }
    const first = made(await object(raalte, dijk, key))
    const again = await object(raalte, dijk, key)
    t.same(again.json(), first)
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.equal((await hub.admin('select from bezwaar')).length, 1)
    const other = await object(raalte, { naam: { geslachtsnaam: 'Ander' }, adres }, key)
    t.equal(other.statusCode, 422)
  }
)

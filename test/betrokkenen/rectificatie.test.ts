import t from 'tap'
import { faultsOf } from '../aanlevering/leveringen/deliveries.ts'
import { testBsn } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import type { Party } from '../helpers/test-hub.ts'
import { signalen } from '../zaken/zaak-stage.ts'
import { adres, dijk, openRights } from './resident.ts'

const path = '/v1/rectificatieverzoeken'
const rectify = (party: Party, body: object, headers = {}) => party.post(path, body, headers)
const search = async (party: Party, body: object) =>
  (await party.post(`${signalen}/_zoek`, body)).json().resultaten.map(({ id }: { id: string }) => id)

t.test('another name: shown at once, found by it and by no other', async (t) => {
  const { hub, raalte, huur, vanDijk } = await openRights(t)
  const id = await vanDijk(huur)
  const naam = { voorletters: 'B.', geslachtsnaam: 'Bakker' }
  const answer = await rectify(raalte, {
    vroegsignaalId: id,
    betrokkene: { naam, geboortedatum: '1990-02-03' }
  })
  t.equal(answer.statusCode, 200, answer.body)
  t.match(answer.json(), { id, betrokkene: { naam, geboortedatum: '1990-02-03' }, adres })
  t.notOk('voorvoegsel' in answer.json().betrokkene.naam, 'a name replaces the whole name')
  t.ok(answer.headers.etag)
  t.same((await raalte.get(`${signalen}/${id}`)).json().betrokkene, answer.json().betrokkene)
  t.same(await search(raalte, { naam: { geslachtsnaam: 'Bakker' }, adres }), [id])
  t.same(await search(raalte, dijk), [])
  t.match((await huur.get(`${signalen}/${id}`)).json().betrokkene, { naam }, 'its partner sees it too')
  const lines = await hub.admin(`select from verwerking where activiteit = 'rectificatie-uitvoeren'`)
  t.equal(lines.length, 2, 'in the log under both names')
  t.notMatch(hub.logLines.join(), /Bakker/)
})

t.test('another address: the signal moves to the household there, and its old one counts anew', async (t) => {
  const { raalte, huur, water, vanDijk, about } = await openRights(t)
  const id = await vanDijk(huur)
  await vanDijk(water)
  const there = await about(water, { naam: { geslachtsnaam: 'Buur' } }, { adres: { huisnummer: 5 } })
  await raalte.get('/v1/huishoudens')
  const elsewhere = { postcode: '8101 aa', huisnummer: 5, woonplaats: 'Raalte' }
  const answer = await rectify(raalte, { vroegsignaalId: id, adres: elsewhere })
  t.match(answer.json(), { adres: { postcode: '8101AA', huisnummer: 5 } })
  const at = async (huisnummer: number) =>
    (await raalte.post('/v1/huishoudens/_zoek', { adres: { postcode: '8101AA', huisnummer } })).json()
      .resultaten[0]
  t.match(await at(1), { aantalSignalen: 1 })
  const joined = await at(5)
  t.same(joined.vroegsignalen.map((one: { id: string }) => one.id).sort(), [id, there].sort())
  t.match(joined.matchsoorten, ['meervoudig'])
})

t.test('the register decides: an address elsewhere is refused, one that it knows gets its id', async (t) => {
  const { hub, raalte, huur, vanDijk } = await openRights(t)
  await loadRegister(hub.beheer, [
    'postcode;huisnummer;nummeraanduiding;gemeentecode',
    '8101AA;7;0177200000000007;0177',
    '7411AA;1;1773200000000001;1773'
  ])
  const id = await vanDijk(huur)
  const olst = { postcode: '7411AA', huisnummer: 1, woonplaats: 'Olst' }
  const refused = await rectify(raalte, { vroegsignaalId: id, adres: olst })
  t.equal(refused.statusCode, 422, refused.body)
  t.same(faultsOf(refused.json()), ['/gemeentecode adres-in-gemeente'])
  t.match(refused.json().detail, /doorzendingen/)
  const known = await rectify(raalte, {
    vroegsignaalId: id,
    adres: { ...adres, huisnummer: 7, woonplaats: 'Raalte' }
  })
  t.match(known.json(), { adresBekend: true, adres: { nummeraanduidingIdentificatie: '0177200000000007' } })
})

t.test('who turns out to have objected gets no signal', async (t) => {
  const { raalte, huur, vanDijk } = await openRights(t)
  const id = await vanDijk(huur)
  const bakker = { naam: { geslachtsnaam: 'Bakker' }, adres }
  t.equal((await raalte.post('/v1/bezwaren', bakker)).statusCode, 201)
  const answer = await rectify(raalte, { vroegsignaalId: id, betrokkene: { naam: bakker.naam } })
  t.same(faultsOf(answer.json()), ['/socialeIncasso/reactie geen-bezwaar'])
  t.match((await raalte.get(`${signalen}/${id}`)).json().betrokkene.naam, { geslachtsnaam: 'Dijk' })
})

t.test('what cannot be is refused, and changes nothing', async (t) => {
  const { raalte, olst, huur, zorg, vanDijk, about } = await openRights(t)
  const id = await vanDijk(huur)
  const before = (await raalte.get(`${signalen}/${id}`)).body
  const cases: [object, number][] = [
    [{ vroegsignaalId: id }, 400],
    [{ vroegsignaalId: id, betrokkene: {} }, 400],
    [{ vroegsignaalId: id, achterstand: { bedragInCenten: 1 } }, 400],
    [{ vroegsignaalId: id, adres: { huisnummer: 5 } }, 400],
    [{ vroegsignaalId: id, betrokkene: { geboortedatum: '2015-01-01' } }, 422],
    [
      { vroegsignaalId: '0190c9a4-7e9d-4c3e-8b53-1e9c6f1d2a3b', betrokkene: { emailadres: 'a@example.nl' } },
      404
    ]
  ]
  for (const [body, status] of cases)
    t.equal((await rectify(raalte, body)).statusCode, status, JSON.stringify(body))
  const one = { vroegsignaalId: id, betrokkene: { emailadres: 'a.voorbeeld@example.nl' } }
  t.equal((await rectify(olst, one)).statusCode, 404)
  t.equal((await rectify(huur, one)).statusCode, 403)
  t.equal((await raalte.get(`${signalen}/${id}`)).body, before)

  const key = { 'idempotency-key': 'rectificatie-1' }
  const first = await rectify(raalte, one, key)
  t.equal(first.statusCode, 200)
  const again = await rectify(raalte, one, key)
  t.equal(again.body, first.body)
  t.equal(again.headers['idempotency-replayed'], 'true')
  t.ok(await about(zorg, { naam: { geslachtsnaam: 'Ander' } }))
})

t.test('a BSN comes in only where the law lets it', async (t) => {
  const { raalte, huur, zorg, vanDijk, about } = await openRights(t)
  const bsn = { burgerservicenummer: testBsn }
  const rent = await rectify(raalte, { vroegsignaalId: await vanDijk(huur), betrokkene: bsn })
  t.same(faultsOf(rent.json()), ['/betrokkene/burgerservicenummer bsn-alleen-zorgverzekeraar'])
  t.ok(rent.json().errors[0].grondslag, 'with the law')
  const id = await about(zorg, { naam: { geslachtsnaam: 'Ander' } })
  const typo = await rectify(raalte, { vroegsignaalId: id, betrokkene: { burgerservicenummer: '123456789' } })
  t.same(faultsOf(typo.json()), ['/betrokkene/burgerservicenummer bsn-elfproef'])
  t.equal((await rectify(raalte, { vroegsignaalId: id, betrokkene: bsn })).statusCode, 200)
  t.same(await search(raalte, bsn), [id])
})

t.test('a young resident comes forward when the birth date is rectified', async (t) => {
  const { raalte, huur, vanDijk, householdAt } = await openRights(t)
  const id = await vanDijk(huur)
  t.equal((await householdAt(1)).jongere, false)
  await rectify(raalte, { vroegsignaalId: id, betrokkene: { geboortedatum: '2004-05-06' } })
  t.equal((await householdAt(1)).jongere, true)
})

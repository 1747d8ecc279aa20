import t from 'tap'
import { testBsn } from '../helpers/builders.ts'
import type { Party } from '../helpers/test-hub.ts'
import { proofsOf, verifyChain } from '../vernietiging/proof-chain.ts'
import { idsOf, rowsLeft } from '../zaken/zaak-stage.ts'
import { adres, dijk, openRights } from './resident.ts'

const wissingsverzoeken = '/v1/wissingsverzoeken'
const erase = (party: Party, body: object, headers = {}) => party.post(wissingsverzoeken, body, headers)

t.test(
  'erased: gone from every list, search and household before the answer, with its own record',
  async (t) => {
    const { hub, raalte, huur, water, vanDijk, openAt, about } = await openRights(t)
    const { stateId } = (await raalte.get('/v1/huishoudens/_deltas')).json()
    const signals = [await vanDijk(huur), await vanDijk(water)]
    const [huishouden] = (await raalte.get('/v1/huishoudens')).json().resultaten
    await openAt(1)
    const elsewhere = await about(huur, { naam: { geslachtsnaam: 'Ander' } }, { adres: { huisnummer: 2 } })

    const answer = await erase(raalte, dijk)
    t.equal(answer.statusCode, 200)
    const { aantalVernietigd, vernietigingId } = answer.json()
    t.equal(aantalVernietigd, 2)
    const record = (await raalte.get(`/v1/vernietigingen/${vernietigingId}`)).json()
    t.match(record, { aanleiding: 'wissing', aantalVroegsignalen: 2, aantalHuishoudens: 1 })
    t.same(await hub.admin('select id from vroegsignaal'), [{ id: elsewhere }])
    t.match(await rowsLeft(hub), { zaken: 0, koppelingen: 0, contactpogingen: 0 })
    t.same(await hub.admin('select from terugkoppeling'), [])
    for (const party of [raalte, huur]) {
      t.same(idsOf(await party.get('/v1/vroegsignalen')), [elsewhere])
      for (const id of signals.slice(0, 1))
        t.equal((await party.get(`/v1/vroegsignalen/${id}`)).statusCode, 404)
    }
    for (const path of ['vroegsignalen', 'huishoudens'])
      t.same((await raalte.post(`/v1/${path}/_zoek`, { adres })).json().resultaten, [])
    const { deltas } = (await raalte.get(`/v1/huishoudens/_deltas?after=${stateId}`)).json()
    t.match(
      deltas.filter(({ huishoudenId }: { huishoudenId: string }) => huishoudenId === huishouden.id),
      [{ soort: 'vervallen' }]
    )
    await verifyChain(hub, await proofsOf(hub, '0177'))
    t.equal((await hub.admin(`select from verwerking where activiteit = 'wissing-uitvoeren'`)).length, 2)
  }
)

t.test('a housemate stays, with a household that counts only what is left', async (t) => {
  const { raalte, huur, water, vanDijk, about } = await openRights(t)
  await vanDijk(huur)
  const housemate = await about(water, { naam: { geslachtsnaam: 'Huisgenoot' } })
  await raalte.get('/v1/huishoudens')
  t.match((await erase(raalte, dijk)).json(), { aantalVernietigd: 1 })
  const [left] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(left, { aantalSignalen: 1, totaalbedragInCenten: 84_500, vroegsignalen: [{ id: housemate }] })
})

t.test('each erasure names its own record, however many there are', async (t) => {
  const { raalte, huur, zorg, about } = await openRights(t)
  await about(huur, { naam: { geslachtsnaam: 'Een' } })
  await about(huur, { naam: { geslachtsnaam: 'Twee' } })
  await about(zorg, { naam: { geslachtsnaam: 'Twee', voorletters: undefined }, burgerservicenummer: testBsn })
  const asked = [{ naam: { geslachtsnaam: 'Een' }, adres }, { burgerservicenummer: testBsn }]
  const [een, twee] = (await Promise.all(asked.map((body) => erase(raalte, body)))).map((one) => one.json())
  t.match([een, twee], [{ aantalVernietigd: 1 }, { aantalVernietigd: 2 }])
  for (const { aantalVernietigd, vernietigingId } of [een, twee]) {
    const record = (await raalte.get(`/v1/vernietigingen/${vernietigingId}`)).json()
    t.ok(record.aantalVroegsignalen >= aantalVernietigd)
  }
})

t.test('nothing to destroy: 0 and no record; another municipality destroys nothing', async (t) => {
  const { hub, raalte, olst, huur, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const none = { aantalVernietigd: 0, vernietigingId: null }
  t.same((await erase(olst, dijk)).json(), none)
  t.same((await erase(raalte, { ...dijk, naam: { geslachtsnaam: 'Niemand' } })).json(), none)
  t.equal((await hub.admin('select from vroegsignaal')).length, 1)
  t.same(await hub.admin('select from vernietiging'), [])
  t.equal((await hub.admin(`select from verwerking where activiteit = 'wissing-uitvoeren'`)).length, 2)
  t.equal((await erase(huur, dijk)).statusCode, 403)
})

t.test('422 for what fits two persons: nothing is destroyed', async (t) => {
  const { hub, raalte, huur, about } = await openRights(t)
  await about(huur, { naam: { voorletters: 'A.', geslachtsnaam: 'Dijk' } })
  await about(huur, { naam: { voorletters: 'B.', geslachtsnaam: 'Dijk' } })
  t.match((await erase(raalte, dijk)).json(), { status: 422, type: '/v1/problemen/betrokkene-onduidelijk' })
  t.equal((await hub.admin('select from vroegsignaal')).length, 2)
})

t.test('a repeat under one key answers the same, and destroys nothing that came since', async (t) => {
  const { hub, raalte, huur, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const key = { 'idempotency-key': 'wis-1' }
  const first = await erase(raalte, dijk, key)
  await vanDijk(huur)
  const again = await erase(raalte, dijk, key)
  t.match(again, { statusCode: 200, headers: { 'idempotency-replayed': 'true' } })
  t.same(again.json(), first.json())
  t.equal((await hub.admin('select from vroegsignaal')).length, 1)
})

t.test(
  'while the destruction has to wait it is 503, hidden already, and the repeat gives the record',
  async (t) => {
    const { hub, raalte, huur, vanDijk } = await openRights(t)
    await vanDijk(huur)
    await raalte.get('/v1/huishoudens')
    await hub.admin(`create function weiger() returns trigger language plpgsql as $$
    begin raise exception 'not now'; end $$`)
    await hub.admin(
      'create trigger weiger before delete on vroegsignaal for each statement execute function weiger()'
    )
    const key = { 'idempotency-key': 'wis-2' }
    const waiting = await erase(raalte, dijk, key)
    t.match(waiting, { statusCode: 503, headers: { 'retry-after': '30' } })
    for (const party of [raalte, huur]) t.same(idsOf(await party.get('/v1/vroegsignalen')), [])
    t.same((await raalte.get('/v1/huishoudens')).json().resultaten, [])
    await hub.admin('drop trigger weiger on vroegsignaal')
    const done = (await erase(raalte, dijk, key)).json()
    t.match(done, { aantalVernietigd: 1 })
    t.equal((await raalte.get(`/v1/vernietigingen/${done.vernietigingId}`)).statusCode, 200)
  }
)

t.test('an uitvoerder says which municipality where the resident is known in two', async (t) => {
  const { hub, huur, zorg, about } = await openRights(t)
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['0177', '1773'],
    scopes: ['betrokkenen:beheren']
  })
  for (const gemeentecode of ['0177', '1773']) {
    await about(zorg, { burgerservicenummer: testBsn }, { gemeentecode })
  }
  await about(huur, { naam: { geslachtsnaam: 'Dijk' } })
  const bsn = { burgerservicenummer: testBsn }
  t.match((await erase(uitvoerder, bsn)).json(), { status: 400, errors: [{ location: '/gemeentecode' }] })
  t.match((await erase(uitvoerder, { ...bsn, gemeentecode: '1773' })).json(), { aantalVernietigd: 1 })
  t.match((await erase(uitvoerder, dijk)).json(), { aantalVernietigd: 1 }, 'one signal is in one')
  t.equal((await erase(uitvoerder, { ...bsn, gemeentecode: '0150' })).statusCode, 404)
})

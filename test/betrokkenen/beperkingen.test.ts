import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import type { Party } from '../helpers/test-hub.ts'
import { idsOf, made, signalen } from '../zaken/zaak-stage.ts'
import { adres, dijk, openRights } from './resident.ts'

const path = '/v1/beperkingen'
const any = { 'if-match': '*' }
const households = async (party: Party) => (await party.get('/v1/huishoudens')).json().resultaten
const deltasAfter = async (party: Party, stateId: string) =>
  (await party.get(`/v1/huishoudens/_deltas?after=${stateId}`)).json()

t.test(
  'restricted: in no list, search, household or delta, for nobody; lifted: back as it was',
  async (t) => {
    const { hub, raalte, huur, water, vanDijk } = await openRights(t)
    const ids = [await vanDijk(huur), await vanDijk(water)]
    const before = await households(raalte)
    t.match(before, [{ aantalSignalen: 2, matchsoorten: ['meervoudig'] }])
    const { stateId } = (await raalte.get('/v1/huishoudens/_deltas')).json()

    const answer = await raalte.post(path, dijk)
    t.equal(answer.statusCode, 201, answer.body)
    const beperking = answer.json()
    t.match(beperking, { aantalVroegsignalen: 2, gemeentecode: '0177' })
    for (const [index, party] of [huur, water].entries()) {
      t.same(idsOf(await party.get(signalen)), [])
      t.equal((await party.get(`${signalen}/${ids[index]}`)).statusCode, 404)
      t.equal((await party.get(`${signalen}/${ids[index]}/meldbewijs`)).statusCode, 404)
      t.equal(
        (await party.post(`${signalen}/${ids[index]}/intrekkingen`, { reden: 'betaald' })).statusCode,
        404,
        'nor may it go sooner'
      )
      const change = { achterstand: { bedragInCenten: 1000 } }
      t.equal((await party.patch(`${signalen}/${ids[index]}`, change, any)).statusCode, 404)
    }
    t.same(idsOf(await raalte.get(signalen)), [])
    t.same(await households(raalte), [])
    t.equal((await raalte.get(`/v1/huishoudens/${before[0].id}`)).statusCode, 404)
    for (const what of ['vroegsignalen', 'huishoudens'])
      t.same((await raalte.post(`/v1/${what}/_zoek`, { adres })).json().resultaten, [])
    const gone = await deltasAfter(raalte, stateId)
    t.match(gone.deltas, [{ soort: 'vervallen', huishoudenId: before[0].id }])
    t.equal((await hub.admin('select from vroegsignaal')).length, 2, 'they stay')
    t.same((await raalte.get(path)).json().resultaten, [beperking])

    t.equal((await raalte.delete(`${path}/${beperking.id}`, any)).statusCode, 204)
    const after = await households(raalte)
    t.match(after, [{ aantalSignalen: 2, matchsoorten: ['meervoudig'] }])
    t.same(idsOf(await raalte.get(signalen)).sort(), ids.toSorted())
    t.equal((await huur.get(`${signalen}/${ids[0]}`)).statusCode, 200)
    t.ok((await deltasAfter(raalte, gone.stateId)).deltas.length > 0)
    t.same((await raalte.get(path)).json().resultaten, [])
    t.equal((await raalte.delete(`${path}/${beperking.id}`, any)).statusCode, 404)
  }
)

t.test('a housemate stays, with a household of their own signals; a crisis that rests is none', async (t) => {
  const { raalte, huur, water, vanDijk, about } = await openRights(t)
  await vanDijk(huur, { soort: 'ontruimingssignaal', geplandeDatum: '2026-12-20' })
  const other = await about(water, { naam: { geslachtsnaam: 'Huisgenoot' } })
  t.match(await households(raalte), [{ crisis: true, aantalSignalen: 2 }])
  t.match((await raalte.post(path, dijk)).json(), { aantalVroegsignalen: 1 })
  t.match(await households(raalte), [{ crisis: false, aantalSignalen: 1, vroegsignalen: [{ id: other }] }])
})

t.test('a partner that sends the same again hears that it stands; new signals come in', async (t) => {
  const { raalte, huur } = await openRights(t)
  const signal = aSignal({
    referentie: 'RUST-1',
    klantnummer: 'K-1',
    adres,
    betrokkene: { naam: dijk.naam }
  } as never)
  const { id } = made(await huur.post(signalen, signal))
  made(await raalte.post(path, dijk))
  const again = await huur.post(signalen, signal)
  t.equal(again.statusCode, 200, again.body)
  t.equal(again.json().id, id)
  t.same(await households(raalte), [], 'which shows it to nobody else')
  const other = { ...signal, achterstand: { ...signal.achterstand, bedragInCenten: 99_000 } }
  t.equal((await huur.post(signalen, other)).statusCode, 409)
  const fresh = aSignal({
    referentie: 'RUST-2',
    klantnummer: 'K-2',
    adres,
    betrokkene: { naam: dijk.naam }
  } as never)
  t.equal((await huur.post(signalen, fresh)).statusCode, 201)
  t.match(await households(raalte), [{ aantalSignalen: 1 }])
})

t.test('it ends with its day, and the signals go at their own term', async (t) => {
  const { hub, raalte, huur, vanDijk } = await openRights(t)
  const id = await vanDijk(huur)
  made(await raalte.post(path, { ...dijk, einddatum: '2026-11-25' }))
  hub.setClock('2026-11-25T22:00:00Z')
  await hub.sweep()
  t.same(await households(raalte), [])
  hub.setClock('2026-11-26T09:00:00Z')
  await hub.sweep()
  t.match(await households(raalte), [{ vroegsignalen: [{ id }] }], 'back on the day after')
  t.same((await raalte.get(path)).json().resultaten, [])

  made(await raalte.post(path, dijk))
  hub.setClock('2027-05-19T22:30:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from vroegsignaal'), [], 'destroyed on its day, restricted or not')
  t.same(await hub.admin('select from beperking'), [])
})

t.test('two restrictions hold until the last is lifted; erasure and objection pass by them', async (t) => {
  const { hub, raalte, huur, vanDijk } = await openRights(t)
  const id = await vanDijk(huur)
  const [first, second] = [made(await raalte.post(path, dijk)), made(await raalte.post(path, dijk))]
  t.equal((await raalte.delete(`${path}/${first.id}`, any)).statusCode, 204)
  t.same(await households(raalte), [])
  t.equal((await raalte.delete(`${path}/${second.id}`, any)).statusCode, 204)
  t.match(await households(raalte), [{ vroegsignalen: [{ id }] }])
  made(await raalte.post(path, dijk))
  t.match((await raalte.post('/v1/wissingsverzoeken', dijk)).json(), { aantalVernietigd: 1 })
  t.same(await hub.admin('select from vroegsignaal'), [])
})

t.test('of nobody, of another municipality, and with a day that has passed', async (t) => {
  const { raalte, olst, huur, water, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const nobody = { naam: { geslachtsnaam: 'Niemand' }, adres }
  t.match((await raalte.post(path, nobody)).json(), { aantalVroegsignalen: 0 })
  const { id } = made(await raalte.post(path, dijk))
  t.equal((await olst.delete(`${path}/${id}`, any)).statusCode, 404)
  t.same((await olst.get(path)).json().resultaten, [])
  t.equal((await raalte.post(path, { ...dijk, einddatum: '2026-11-19' })).statusCode, 400)
  t.equal((await water.post(path, dijk)).statusCode, 403)
})

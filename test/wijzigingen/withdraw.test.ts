import t from 'tap'
import { aSignal, type Overrides } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { proofsOf, verifyChain } from '../vernietiging/proof-chain.ts'
import { close, idsOf, made, openStage, signalen, zaken } from '../zaken/zaak-stage.ts'

const path = '/v1/vroegsignalen'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const post = async (overrides: Overrides = {}) => {
    const answer = await verhuurder.post(path, aSignal(overrides))
    t.equal(answer.statusCode, 201, answer.body)
    return answer.json().id as string
  }
  const withdraw = (id: string, reden: string, headers = {}) =>
    verhuurder.post(`${path}/${id}/intrekkingen`, { reden }, headers)
  const ids = async (party: typeof raalte) =>
    (await party.get(path)).json().resultaten.map(({ id }: { id: string }) => id)
  const households = async () => (await raalte.get('/v1/huishoudens')).json().resultaten
  return { hub, raalte, verhuurder, post, withdraw, ids, households }
}

const adres = { postcode: '8101AA', huisnummer: 10 }

for (const reden of ['betaald', 'betalingsregeling', 'foutief', 'bezwaar']) {
  t.test(`${reden}: it leaves every list, every search and its household at once`, async (t) => {
    const { raalte, verhuurder, post, withdraw, ids, households } = await openHub(t)
    const [gone, stays] = [await post({ referentie: 'WEG' }), await post({ referentie: 'BLIJFT' })]
    const [before] = await households()
    t.equal(before.aantalSignalen, 2)
    const answer = await withdraw(gone, reden)
    t.equal(answer.statusCode, 201)
    t.same(answer.json(), { vroegsignaalId: gone, reden, status: 'ingetrokken' })

    for (const party of [verhuurder, raalte]) t.same(await ids(party), [stays])
    const byReference = await verhuurder.post(`${path}/_zoek`, { referentie: 'WEG' })
    t.same(byReference.json().resultaten, [])
    const byAddress = (await raalte.post(`${path}/_zoek`, { adres })).json().resultaten
    t.same(
      byAddress.map(({ id }: { id: string }) => id),
      [stays]
    )
    const [after] = await households()
    t.match(after, { id: before.id, aantalSignalen: 1 })
    t.same(
      after.vroegsignalen.map(({ id }: { id: string }) => id),
      [stays]
    )

    t.equal((await withdraw(stays, reden)).statusCode, 201)
    t.same(await households(), [], 'the last one takes the household with it')
    t.equal((await raalte.get(`/v1/huishoudens/${before.id}`)).statusCode, 404)
    t.same((await raalte.post('/v1/huishoudens/_zoek', { adres })).json().resultaten, [])
  })
}

for (const reden of ['betaald', 'betalingsregeling', 'foutief', 'bezwaar']) {
  t.test(`${reden}: its data are destroyed before the answer, with a proof that names why`, async (t) => {
    const { hub, raalte, verhuurder, post, withdraw } = await openHub(t)
    const [gone, stays] = [await post({ referentie: 'WEG' }), await post({ referentie: 'BLIJFT' })]
    t.equal((await withdraw(gone, reden)).statusCode, 201)
    t.same(await hub.admin('select id from vroegsignaal'), [{ id: stays }])
    for (const party of [verhuurder, raalte]) t.equal((await party.get(`${path}/${gone}`)).statusCode, 404)
    const [proof, ...more] = (await raalte.get('/v1/vernietigingen')).json().resultaten
    t.same(more, [])
    t.match(proof, { aanleiding: 'intrekking', aantalVroegsignalen: 1, aantalHuishoudens: 0 })
    const [said] = await verifyChain(hub, await proofsOf(hub, '0177'))
    t.match(said, { aanleiding: 'intrekking', aantalVroegsignalen: 1 })
    t.equal((await withdraw(stays, reden)).statusCode, 201)
    t.same(await hub.admin('select from huishouden'), [])

    const again = await verhuurder.post(path, aSignal({ referentie: 'WEG', warmeOverdracht: true }))
    t.equal(again.statusCode, 201, 'and its reference is free')
    t.not(again.json().id, gone)
  })
}

for (const reden of ['betaald', 'betalingsregeling', 'foutief', 'bezwaar']) {
  t.test(
    `${reden}, in an open case: gone from every list at once, its data go no later than the case`,
    async (t) => {
      const { hub, raalte, huur, water, send, openAt } = await openStage(t)
      const [gone, stays] = [await send(huur, 1, { soort: 'ontruimingssignaal' }), await send(water, 1)]
      const zaak = await openAt(1)
      made(await huur.post(`${signalen}/${gone}/intrekkingen`, { reden }))
      for (const party of [huur, raalte]) {
        t.equal((await party.get(`${signalen}/${gone}`)).statusCode, 404)
        t.notOk(idsOf(await party.get(signalen)).includes(gone))
      }
      const [household] = (await raalte.get('/v1/huishoudens')).json().resultaten
      t.match(household, { aantalSignalen: 1, crisis: false, matchsoorten: ['enkelvoudig'] })
      const left = async () =>
        (await hub.admin<{ id: string }>('select id from vroegsignaal')).map(({ id }) => id)
      const isWrong = ['foutief', 'bezwaar'].includes(reden)
      t.same((await left()).sort(), (isWrong ? [stays] : [gone, stays]).sort())
      t.equal((await huur.post(`${signalen}/${gone}/intrekkingen`, { reden })).statusCode, 404)

      t.equal((await close(raalte, zaak.id, { resultaat: 'geen-contact' })).statusCode, 200)
      t.same(await left(), [stays])
      t.same((await raalte.get(`${zaken}/${zaak.id}`)).json().vroegsignaalIds, [stays])
      t.same(await hub.admin('select aanleiding from vernietiging'), [{ aanleiding: 'intrekking' }])
    }
  )
}

t.test(
  'withdrawn after its case ended: destroyed at once, and so is a case that has nothing left',
  async (t) => {
    const { hub, raalte, huur, send, openAt } = await openStage(t)
    const signal = await send(huur, 1)
    const zaak = await openAt(1)
    t.equal((await close(raalte, zaak.id, { resultaat: 'vervolghulp' })).statusCode, 200)
    made(await huur.post(`${signalen}/${signal}/intrekkingen`, { reden: 'betaald' }))
    t.same(await hub.admin('select from vroegsignaal'), [])
    t.equal((await raalte.get(`${zaken}/${zaak.id}`)).statusCode, 404)
  }
)

t.test('404: a second withdrawal, also for another reason', async (t) => {
  const { post, withdraw } = await openHub(t)
  const id = await post()
  t.equal((await withdraw(id, 'betaald')).statusCode, 201)
  for (const reden of ['betaald', 'foutief']) t.equal((await withdraw(id, reden)).statusCode, 404)
})

t.test(
  'a repeat with the same Idempotency-Key is 201 again, also when the signal is destroyed',
  async (t) => {
    const { hub, post, withdraw } = await openHub(t)
    for (const reden of ['betaald', 'foutief']) {
      const id = await post({ referentie: reden })
      const key = { 'idempotency-key': `in-${reden}` }
      const first = await withdraw(id, reden, key)
      t.equal(first.statusCode, 201)
      const again = await withdraw(id, reden, key)
      t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
      t.same(again.json(), first.json())
      t.equal((await withdraw(id, 'bezwaar', key)).statusCode, 422, 'not for another reason')
    }
    t.equal((await hub.admin(`select from verwerking where activiteit = 'vroegsignaal-intrekken'`)).length, 2)
  }
)

t.test("400, 403 and 404: another reason, a municipality, another partner's signal", async (t) => {
  const { hub, raalte, verhuurder, post, withdraw } = await openHub(t)
  const id = await post()
  const url = `${path}/${id}/intrekkingen`
  for (const body of [{}, { reden: 'zomaar' }, { reden: 'betaald', toelichting: 'x' }]) {
    t.equal((await verhuurder.post(url, body)).statusCode, 400)
  }
  t.equal((await raalte.post(url, { reden: 'betaald' })).statusCode, 403)
  const other = await hub.signaalpartner(['huur'], ['0177'])
  t.equal((await other.post(url, { reden: 'foutief' })).statusCode, 404)
  t.equal((await withdraw('01890000-0000-7000-8000-000000000000', 'foutief')).statusCode, 404)
  t.match((await verhuurder.get(`${path}/${id}`)).json(), { status: 'ontvangen' })
})

t.test('while its destruction has to wait, its household counts and shows only what is left', async (t) => {
  const { hub, post, withdraw, households } = await openHub(t)
  const [gone, stays] = [await post({ referentie: 'WEG' }), await post({ referentie: 'BLIJFT' })]
  await households()
  await hub.admin(`create function weiger() returns trigger language plpgsql as $$
    begin raise exception 'not now'; end $$`)
  await hub.admin(
    'create trigger weiger before delete on vroegsignaal for each statement execute function weiger()'
  )
  t.equal((await withdraw(gone, 'foutief')).statusCode, 201)
  t.equal((await hub.admin('select from vroegsignaal')).length, 2, 'it could not be destroyed yet')
  const [household] = await households()
  t.equal(household.aantalSignalen, 1)
  t.same(
    household.vroegsignalen.map(({ id }: { id: string }) => id),
    [stays]
  )
})

for (const reden of ['betaald', 'foutief']) {
  t.test(
    `${reden}: what else is due in the municipality waits for the sweeper, not the partner`,
    async (t) => {
      const { hub, post, withdraw } = await openHub(t)
      const [gone, due, erased] = [
        await post({ referentie: 'WEG' }),
        await post({ referentie: 'VERLOPEN' }),
        await post({ referentie: 'GEWIST' })
      ]
      await hub.admin(`update vroegsignaal set vernietigingsdatum = '2026-11-20' where id = $1`, [due])
      await hub.admin(
        `update vroegsignaal set status = 'ingetrokken', vernietigingsaanleiding = 'wissing' where id = $1`,
        [erased]
      )
      t.equal((await withdraw(gone, reden)).statusCode, 201)
      const left = await hub.admin<{ id: string }>('select id from vroegsignaal')
      t.same(left.map(({ id }) => id).sort(), [due, erased].sort())
      const [proof, ...more] = await verifyChain(hub, await proofsOf(hub, '0177'))
      t.match(proof, { aantalVroegsignalen: 1 })
      t.same(more, [])
      t.equal(await hub.sweep(), 2)
    }
  )
}

t.test('a contest that ends in a withdrawal, and its repeat, destroy its signal and no more', async (t) => {
  const { hub, raalte, verhuurder, post } = await openHub(t)
  const [gone, due] = [await post({ referentie: 'WEG' }), await post({ referentie: 'VERLOPEN' })]
  const contest = await raalte.post(`${path}/${gone}/betwistingen`, { reden: 'al-betaald' })
  await hub.admin(`update vroegsignaal set vernietigingsdatum = '2026-11-20' where id = $1`, [due])
  const answer = () =>
    verhuurder.post(
      `/v1/betwistingen/${contest.json().id}/reacties`,
      { reactie: 'ingetrokken' },
      { 'idempotency-key': 'een' }
    )
  t.equal((await answer()).statusCode, 201)
  t.same(await hub.admin('select id from vroegsignaal'), [{ id: due }])
  t.equal((await answer()).statusCode, 201)
  t.same(await hub.admin('select id from vroegsignaal'), [{ id: due }])
})

import t from 'tap'
import { aSignalFor } from '../../helpers/builders.ts'
import { close, heardOf, made, signalen, zaken } from '../zaak-stage.ts'
import { listOf, openHerindeling, rowsOf } from './herindeling-stage.ts'

t.setTimeout(240_000)

const wens = { soort: 'brief', datum: '2026-12-20', bereikt: false }

t.test('on the day everything that lives is the successor’s, as it was; before it nothing is', async (t) => {
  const { hub, raalte, olst, zwolle, huur, water, send, openAt, householdAt, wake, carryOut, warnings } =
    await openHerindeling(t)
  const geboren = { betrokkene: { geboortedatum: '1985-06-15' } }
  const [a, b, c] = [await send(huur, 1), await send(water, 1), await send(huur, 2, geboren)]
  const zaak = await openAt(1)
  const url = `${zaken}/${zaak.id}/contactpogingen`
  const once = { 'idempotency-key': 'brief' }
  const brief = made(await raalte.post(url, wens, once))
  const toelichting = 'De huur is al betaald.'
  const betwisting = made(
    await raalte.post(`${signalen}/${c}/betwistingen`, { reden: 'al-betaald', toelichting })
  )
  await raalte.call({
    method: 'PUT',
    url: `/v1/huishoudens/${(await householdAt(1)).id}/adresindicatie`,
    payload: { bron: 'laa', datum: '2026-12-20' }
  })
  const elsewhere = await send(huur, 9, { gemeentecode: '1773' })
  const [huis1, huis2] = [await householdAt(1), await householdAt(2)]
  const before = Object.fromEntries(
    await Promise.all([a, b, c].map(async (id) => [id, (await raalte.get(`${signalen}/${id}`)).json()]))
  )
  const attempts = await listOf(raalte, `${zaken}/${zaak.id}/contactpogingen`)

  hub.setClock('2026-12-31T22:59:00Z')
  await wake()
  t.equal((await raalte.get(`${signalen}/${a}`)).statusCode, 200, 'the evening before')
  t.same(await listOf(zwolle, '/v1/huishoudens'), [])

  await carryOut()
  t.same(warnings, [])
  t.same(await rowsOf(hub, '0177'), {}, 'nothing is left under the old code')
  for (const party of [zwolle, raalte]) {
    for (const id of [a, b, c])
      t.same(
        (await party.get(`${signalen}/${id}`)).json(),
        { ...before[id], gemeentecode: '0193' },
        'the same in all but its municipality, with its evidence'
      )
    const found = await listOf(party, '/v1/huishoudens')
    t.same(found.map(({ id }: { id: string }) => id).toSorted(), [huis1.id, huis2.id].toSorted())
    t.match(await householdAt(1, party), {
      ...huis1,
      gemeentecode: '0193',
      vroegsignalen: huis1.vroegsignalen.map((one: object) => ({ ...one, gemeentecode: '0193' }))
    })
    t.match((await party.get(`${zaken}/${zaak.id}`)).json(), {
      ...zaak,
      gemeentecode: '0193',
      huishoudenId: huis1.id
    })
    t.same(await listOf(party, `${zaken}/${zaak.id}/contactpogingen`), attempts)
    t.match(await listOf(party, '/v1/betwistingen'), [{ id: betwisting.id, toelichting }])
  }
  const repeated = await raalte.post(url, wens, once)
  t.match([repeated.statusCode, repeated.json().id], [201, brief.id], 'a repeat has no second effect')
  t.match(await listOf(raalte, '/v1/gemeenten').then(() => raalte.get('/v1/gemeenten/0193')), {
    statusCode: 200
  })
  t.equal((await raalte.get('/v1/gemeenten/0177')).statusCode, 404, 'its client works for the successor')
  t.equal((await olst.get(`${signalen}/${a}`)).statusCode, 404, 'and nobody else sees any of it')
  t.equal((await olst.get(`${signalen}/${elsewhere}`)).statusCode, 200)
  const forwarded = await olst.post(`${signalen}/${elsewhere}/doorzendingen`, { gemeentecode: '0177' })
  t.match([forwarded.statusCode, forwarded.json().detail], [403, /gebruik gemeentecode 0193/])
})

t.test('work goes on: answers, results, feedback, corrections, withdrawals and objections', async (t) => {
  const { raalte, zwolle, huur, water, send, openAt, carryOut } = await openHerindeling(t)
  const [a, b, c, d] = [await send(huur, 1), await send(water, 1), await send(huur, 2), await send(huur, 3)]
  const zaak = await openAt(1)
  const { id } = made(await raalte.post(`${signalen}/${c}/betwistingen`, { reden: 'te-klein' }))
  await carryOut()
  t.equal((await close(zwolle, zaak.id, { datum: '2027-01-01' })).statusCode, 200)
  t.same(await heardOf(huur, a), ['opgepakt', 'hulp-aanvaard'])
  t.same(await heardOf(water, b), ['opgepakt', 'hulp-aanvaard'])
  made(await huur.post(`/v1/betwistingen/${id}/reacties`, { reactie: 'gehandhaafd', toelichting: 'Nee.' }))
  t.match(await listOf(zwolle, '/v1/betwistingen'), [{ reactie: 'gehandhaafd', toelichtingReactie: 'Nee.' }])
  const own = await huur.get(`${signalen}/${c}`)
  t.match(own.json(), { id: c, gemeentecode: '0193' })
  const changed = await huur.patch(
    `${signalen}/${c}`,
    { achterstand: { bedragInCenten: 99_900 } },
    { 'if-match': String(own.headers.etag), 'content-type': 'application/merge-patch+json' }
  )
  t.match([changed.statusCode, changed.json()], [200, { achterstand: { bedragInCenten: 99_900 } }])
  t.equal((await huur.post(`${signalen}/${d}/intrekkingen`, { reden: 'betaald' })).statusCode, 201)
  t.equal((await zwolle.get(`${signalen}/${d}`)).statusCode, 404)
})

t.test('a partner that sends the old code is told which one to use, and its repeats are known', async (t) => {
  const { hub, raalte, huur, send, carryOut } = await openHerindeling(t)
  const standing = aSignalFor('huur', { referentie: 'OUD', signaaldatum: '2026-12-20' })
  const { id } = made(await huur.post(signalen, standing))
  await send(huur, 2)
  await carryOut()
  const again = await huur.post(signalen, standing)
  t.match([again.statusCode, again.json()], [200, { id, gemeentecode: '0193' }])
  const renamed = await huur.post(signalen, { ...standing, gemeentecode: '0193' })
  t.match([renamed.statusCode, renamed.json().id], [200, id], 'also under the new code')

  const fresh = (n: number, gemeentecode: string) =>
    aSignalFor('huur', {
      referentie: `N-${n}`,
      signaaldatum: '2026-12-31',
      gemeentecode,
      adres: { huisnummer: n }
    })
  const refused = await huur.post(signalen, fresh(11, '0177'))
  t.match(
    [refused.statusCode, refused.json()],
    [
      403,
      {
        type: '/v1/problemen/geen-overeenkomst',
        errors: [
          {
            location: '/gemeentecode',
            code: 'overeenkomst-actief',
            detail: /opgegaan in gemeente 0193.*gemeentecode 0193/
          }
        ]
      }
    ]
  )
  t.equal((await huur.post(signalen, fresh(12, '0193'))).statusCode, 201, 'signed of before the day as well')
  const levering = made(
    await huur.post('/v1/aanleveringen', {
      vroegsignalen: [fresh(13, '0193'), fresh(14, '0177'), fresh(15, '0193')]
    })
  )
  t.match(levering, { aantalRegels: 3, aantalOpgenomen: 2, aantalAfgewezen: 1 })
  const [regel] = await listOf(huur, `/v1/aanleveringen/${levering.id}/regels?uitkomst=afgewezen`)
  t.match(regel, { regel: 2, errors: [{ detail: /gemeentecode 0193/ }] })
  t.equal((await listOf(raalte, '/v1/huishoudens')).length, 5)
  t.same(await hub.admin(`select from vroegsignaal where gemeentecode = '0177'`), [])
})

t.test(
  'a signal is destroyed when it would have been, with a proof in the chain of the successor',
  async (t) => {
    const { hub, raalte, zwolle, huur, send, carryOut, openAt } = await openHerindeling(t)
    const gone = await send(huur, 5)
    await openAt(5)
    const wis = { naam: { geslachtsnaam: 'van Proefpersoon' }, adres: { postcode: '8101AA', huisnummer: 5 } }
    t.equal((await raalte.post('/v1/wissingsverzoeken', wis)).statusCode, 200)
    const id = await send(huur, 1)
    const { vernietigingsdatum } = (await raalte.get(`${signalen}/${id}`)).json()
    await openAt(1)
    await carryOut()
    const oude = await zwolle.get('/v1/vernietigingen')
    t.match(oude.json().resultaten, [{ gemeentecode: '0177' }], 'the proofs of the old code are its to show')
    hub.setClock(`${vernietigingsdatum}T08:00:00Z`)
    t.equal(await hub.sweep(), 1)
    for (const table of [
      'vroegsignaal',
      'vroegsignaalzaak',
      'zaak_vroegsignaal',
      'terugkoppeling',
      'huishouden'
    ])
      t.same(await hub.admin(`select from ${table}`), [], table)
    const { resultaten } = (await zwolle.get('/v1/vernietigingen')).json()
    t.same(
      resultaten.map((one: { gemeentecode: string }) => one.gemeentecode),
      ['0193', '0177']
    )
    for (const code of ['', '?gemeentecode=0177', '?gemeentecode=0193'])
      t.match((await zwolle.get(`/v1/vernietigingen/_verifieer${code}`)).json(), { volledig: true })
    t.equal((await raalte.get(`${signalen}/${gone}`)).statusCode, 404)
  }
)

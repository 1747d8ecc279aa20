import t from 'tap'
import { close, heardOf, made, openStage, rowsLeft, signalen, zaken } from './zaak-stage.ts'

t.setTimeout(120_000)
const nothing = { zaken: 0, koppelingen: 0, contactpogingen: 0 }

t.test('a case of which the last signal to go was destroyed early is hidden with the others', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  await send(huur, 1)
  hub.setClock('2026-06-10T09:00:00Z')
  const later = await send(huur, 1)
  const zaak = await openAt(1)
  made(await huur.post(`${signalen}/${later}/intrekkingen`, { reden: 'foutief' }))
  hub.setClock('2026-11-19T09:00:00Z')
  t.equal((await raalte.get(`${zaken}/${zaak.id}`)).statusCode, 200)
  hub.setClock('2026-11-20T09:00:00Z')
  t.equal((await raalte.get(`${zaken}/${zaak.id}`)).statusCode, 404, 'also before the sweeper comes by')
  await hub.sweep()
  t.same(await rowsLeft(hub), nothing)
})

t.test('who wants no help has no case left, also when a partner withdrew one of its signals', async (t) => {
  const { hub, huur, water, send, openAt, raalte } = await openStage(t)
  const paid = await send(huur, 1)
  await send(water, 1)
  const zaak = await openAt(1)
  const contact = { soort: 'telefoon', datum: '2026-11-20', bereikt: true }
  made(await raalte.post(`${zaken}/${zaak.id}/contactpogingen`, contact))
  made(await huur.post(`${signalen}/${paid}/intrekkingen`, { reden: 'betaald' }))
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
  t.same(await rowsLeft(hub), nothing)
  t.same(await hub.admin('select from vroegsignaal'), [])
  t.same(await heardOf(huur, paid), [], 'and of what was withdrawn nothing is kept')
})

t.test('when all of its signals were withdrawn, no help wanted still leaves no case', async (t) => {
  const { hub, huur, send, openAt, raalte } = await openStage(t)
  const paid = await send(huur, 1)
  const zaak = await openAt(1)
  made(await huur.post(`${signalen}/${paid}/intrekkingen`, { reden: 'betaald' }))
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
  t.same(await rowsLeft(hub), nothing)
})

t.test('signal, case and contest are hidden on the same day where no help was wanted', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t)
  const { etag } = (await raalte.get('/v1/gemeenten/0177')).headers
  const settings = { instellingen: { geenHulpVernietigenNaDagen: 5 } }
  await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': String(etag) })
  const signal = await send(huur, 1)
  const zaak = await openAt(1)
  made(await raalte.post(`${signalen}/${signal}/betwistingen`, { reden: 'anders' }))
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst' })).statusCode, 200)
  const seen = async () => [
    (await raalte.get(`${zaken}/${zaak.id}`)).statusCode,
    (await raalte.get(`${signalen}/${signal}`)).statusCode,
    (await raalte.get('/v1/betwistingen')).json().resultaten.length
  ]
  hub.setClock('2026-11-24T09:00:00Z')
  t.same(await seen(), [200, 200, 1])
  hub.setClock('2026-11-25T09:00:00Z')
  t.same(await seen(), [404, 404, 0])
  t.same(
    (await rowsLeft(hub)) as object,
    { zaken: 1, koppelingen: 1, contactpogingen: 0 },
    'before the sweep'
  )
})

t.test('a receipt of a signal that is over leaves a line in the processing log', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t)
  const signal = await send(huur, 1)
  const zaak = await openAt(1)
  await close(raalte, zaak.id, { resultaat: 'geen-contact' })
  const query = `select encode(betrokkene_pseudoniem, 'hex') as wie from verwerking
    where object_id = $1 and activiteit = $2`
  t.same(await hub.admin(query, [signal, 'vroegsignaal-inzien']), [])
  t.equal((await huur.get(`${signalen}/${signal}/meldbewijs`)).statusCode, 200)
  const [line, ...more] = await hub.admin(query, [signal, 'vroegsignaal-inzien'])
  t.same(more, [])
  t.same(await hub.admin(query, [signal, 'vroegsignaal-aannemen']), [line], 'about the same person')
})

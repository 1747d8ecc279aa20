import t from 'tap'
import { testBsn } from '../../helpers/builders.ts'
import { close, made, openStage, signalen } from '../../zaken/zaak-stage.ts'
import { askGegevens, contentsOf, path } from './ask-gegevens.ts'

t.setTimeout(120_000)

const person = (huisnummer: number) => ({
  naam: { voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' },
  adres: { postcode: '8101AA', huisnummer }
})

t.test(
  'each municipality gets its own, an uitvoerder a levering for each, whatever it asks for',
  async (t) => {
    const { hub, raalte, olst, huur, send } = await openStage(t)
    await hub.gemeente('0150', 'Gemeente Deventer')
    const own = await send(huur, 1)
    const theirs = await send(huur, 1, { gemeentecode: '1773' })
    const uitvoerder = await hub.client({
      naam: 'Uitvoerder',
      rol: 'gemeente',
      gemeentecodes: ['1773', '0150', '0177'],
      scopes: ['ddas:lezen']
    })
    const shown = async (party: typeof raalte, vraag: object = {}) =>
      (await askGegevens(t, party, vraag)).gegevens.leveringen!.map((levering) => [
        levering.teller,
        levering.gemeentecode,
        levering.aanleverendeOrganisatie.naam,
        levering.vroegsignalen.map(({ ID }) => ID)
      ])
    t.same(await shown(raalte), [[1, '0177', 'Raalte', [own]]])
    t.same(await shown(olst), [[1, '1773', 'Olst-Wijhe', [theirs]]])
    t.same(await shown(uitvoerder), [
      [1, '0150', 'Gemeente Deventer', []],
      [2, '0177', 'Raalte', [own]],
      [3, '1773', 'Olst-Wijhe', [theirs]]
    ])
    for (const naam of ['Raalte', 'raalte', ' Gemeente Raalte ', 'GEMEENTE  RAALTE'])
      t.same(await shown(uitvoerder, { aanleverendeOrganisatie: naam }), [[1, '0177', 'Raalte', [own]]], naam)
    t.same(await shown(uitvoerder, { aanleverendeOrganisatie: 'Deventer' }), [
      [1, '0150', 'Gemeente Deventer', []]
    ])
    t.same(await shown(raalte, { aanleverendeOrganisatie: '' }), [[1, '0177', 'Raalte', [own]]])

    const foreign = await raalte.post(path, { aanleverendeOrganisatie: 'Olst-Wijhe' })
    const unknown = await raalte.post(path, { aanleverendeOrganisatie: 'Nergenshuizen' })
    t.equal(foreign.statusCode, 404)
    const { instance: _, ...one } = foreign.json()
    const { instance: __, ...other } = unknown.json()
    t.same(one, other, 'another’s municipality is as unknown as one that does not exist')
    t.notMatch(foreign.body, /Olst/)
  }
)

t.test('only with the scope, and never for a partner or the operator', async (t) => {
  const { hub, huur } = await openStage(t)
  const narrow = await hub.gemeente('0177', 'Raalte', ['verantwoording:lezen', 'huishoudens:lezen'])
  for (const party of [narrow, huur, hub.beheer]) {
    const answer = await party.post(path, {})
    t.equal(answer.statusCode, 403)
    t.match(answer.headers['www-authenticate'], /insufficient_scope/)
  }
  t.equal((await hub.call({ method: 'POST', url: path, payload: {} })).statusCode, 401)
})

t.test('no name, contact data, customer, reference, partner or street leaves with it', async (t) => {
  const { raalte, huur, water, partner, send, openAt } = await openStage(t)
  const zorg = await partner('zorgverzekering')
  for (const by of [huur, water, zorg]) await send(by, 1)
  const zaak = await openAt(1)
  made(
    await raalte.post(`/v1/vroegsignaalzaken/${zaak.id}/contactpogingen`, {
      soort: 'telefoon',
      datum: '2026-11-20',
      bereikt: true,
      wenstGeenContact: true
    })
  )
  const { body } = await raalte.post(path, {})
  t.match(body, testBsn)
  t.notMatch(
    body,
    /Proefpersoon|Verzonnenstraat|0600000000|voorbeeld\.example|KLANT|"R-\d|referentie|woonplaats|wenst|Partner/
  )
  t.notMatch(body, new RegExp([zaak.id, huur.id, zaak.huishoudenId].join('|')), 'nor an id of anything else')
})

t.test('what is restricted, withdrawn, objected to, erased, wrong or past its day stays out', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t)
  const kept = await send(huur, 1)
  await send(huur, 2)
  const restriction = made(await raalte.post('/v1/beperkingen', person(2)))
  const withdrawn = await send(huur, 3)
  made(await huur.post(`${signalen}/${withdrawn}/intrekkingen`, { reden: 'betaald' }))
  await send(huur, 4)
  made(await raalte.post('/v1/bezwaren', person(4)))
  await send(huur, 5)
  t.equal((await raalte.post('/v1/wissingsverzoeken', person(5))).statusCode, 200)
  await send(huur, 6)
  await close(raalte, (await openAt(6)).id, { resultaat: 'onterecht-signaal' })
  const waiting = await send(huur, 7)
  await openAt(7)
  made(await huur.post(`${signalen}/${waiting}/intrekkingen`, { reden: 'betaald' }))

  const ids = async () => contentsOf(await askGegevens(t, raalte)).signalen.map(({ ID }) => ID)
  const { signalen: delivered, zaken } = contentsOf(await askGegevens(t, raalte))
  t.same(
    delivered.map(({ ID }) => ID),
    [kept]
  )
  t.same(zaken, [], 'a case without a signal that is delivered is none')
  await raalte.delete(`/v1/beperkingen/${restriction.id}`, { 'if-match': '*' })
  t.equal((await ids()).length, 2, 'a restriction that is lifted')
  hub.setClock('2027-05-19T09:00:00Z')
  t.equal((await ids()).length, 2)
  hub.setClock('2027-05-20T09:00:00Z')
  t.same(await ids(), [], 'hidden on its day, before the sweeper comes')
})

t.test('each person who is delivered has its line in the log, and nobody else', async (t) => {
  const { raalte, olst, huur, send } = await openStage(t)
  const ids = [await send(huur, 1), await send(huur, 2)]
  const elsewhere = await send(huur, 1, { gemeentecode: '1773' })
  const linesOf = async (party: typeof raalte) =>
    (await party.get('/v1/verwerkingen?activiteit=ddas-leveren')).json().resultaten
  t.same(await linesOf(raalte), [])
  const gebruiker = 'mw-7f3a'
  await raalte.call({ method: 'POST', url: path, payload: { pageSize: 1, page: 2 }, headers: { gebruiker } })
  const [line, ...none] = await linesOf(raalte)
  t.match(line, { objectId: ids[1], clientId: raalte.clientId, gebruiker, gemeentecode: '0177' })
  t.same(none, [], 'only what stood on the page')
  await askGegevens(t, raalte)
  t.same((await linesOf(raalte)).map(({ objectId }: { objectId: string }) => objectId).sort(), [
    ...ids,
    ids[1]
  ])
  t.same(await linesOf(olst), [])
  t.ok(elsewhere)

  const inzage = await raalte.post('/v1/inzageverzoeken', person(1))
  t.match(
    inzage.json().verwerkingen.map(({ activiteit }: { activiteit: string }) => activiteit),
    ['ddas-leveren']
  )
  const register = (await raalte.get('/v1/verwerkingsactiviteiten/ddas-leveren')).json()
  t.match(register, { grondslag: /Wet op het CBS art\. 33/, ontvangers: /CBS/ })
})

t.test('what cannot be logged is not delivered', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  await send(huur, 1)
  await hub.admin(
    `alter table verwerkingsblad add constraint dicht check (activiteit <> 'ddas-leveren') not valid`
  )
  const answer = await raalte.post(path, {})
  t.equal(answer.statusCode, 503)
  t.notMatch(answer.body, /8101AA/)
})

t.test('a signal that cannot be opened costs itself, and no case refers to it', async (t) => {
  const { hub, raalte, huur, water, send, openAt } = await openStage(t)
  const [broken, whole] = [await send(huur, 1), await send(water, 1)]
  await openAt(1)
  await hub.admin(
    `update vroegsignaal set inhoud = set_byte(inhoud, length(inhoud) - 1, (get_byte(inhoud, length(inhoud) - 1) + 1) % 256)
     where id = $1`,
    [broken]
  )
  const { signalen: delivered, zaken } = contentsOf(await askGegevens(t, raalte))
  t.same(
    delivered.map(({ ID }) => ID),
    [whole]
  )
  t.same(
    zaken.map(({ vroegsignalen }) => vroegsignalen),
    [[{ ID: whole }]]
  )
  t.match(hub.logLines.join(), /unreadable/)
})

import t from 'tap'
import { testBsn } from '../helpers/builders.ts'
import type { Answer, Party } from '../helpers/test-hub.ts'
import { close, made, reach, zaken } from '../zaken/zaak-stage.ts'
import { adres, dijk, openRights } from './resident.ts'

const inzageverzoeken = '/v1/inzageverzoeken'
const shownIn = (answer: Answer): string[] =>
  answer
    .json()
    .vroegsignalen.map(({ id }: { id: string }) => id)
    .sort()
const ask = (party: Party, body: object, headers = {}) => party.post(inzageverzoeken, body, headers)

t.test('no spelling of the name or the address hides a person', async (t) => {
  const { raalte, huur, about } = await openRights(t)
  const sent = [
    await about(huur, { naam: { voorletters: 'R', voorvoegsel: 'van', geslachtsnaam: 'Bömer' } }),
    await about(huur, { naam: { voorletters: 'r.p.', voorvoegsel: undefined, geslachtsnaam: 'VAN BOEMER' } }),
    await about(huur, {
      naam: { voorletters: undefined, voorvoegsel: undefined, geslachtsnaam: 'Bomer, van' }
    }),
    await about(huur, { naam: { geslachtsnaam: 'Bömer-de Wit', voorletters: 'R.' } }),
    await about(huur, {
      naam: { geslachtsnaam: 'de Wit e/v van Bömer', voorvoegsel: undefined, voorletters: 'R.' }
    })
  ].sort()
  const namen = [
    { geslachtsnaam: 'Bömer' },
    { geslachtsnaam: 'van BÖMER' },
    { geslachtsnaam: 'bömer, van' },
    { voorvoegsel: 'v.', geslachtsnaam: 'BÖMER' },
    { voorletters: 'R.', geslachtsnaam: 'Bömer' }
  ]
  for (const naam of namen) t.same(shownIn(await ask(raalte, { naam, adres })), sent, JSON.stringify(naam))
  for (const postcode of ['8101 aa', '8101-AA', ' 8101AA ']) {
    t.same(shownIn(await ask(raalte, { naam: namen[0], adres: { ...adres, postcode } })), sent, postcode)
  }
})

t.test('a couple with a half of the double name each is not shown as one', async (t) => {
  const { raalte, huur, water, about } = await openRights(t)
  const naam = (geslachtsnaam: string) => ({ voorletters: undefined, voorvoegsel: undefined, geslachtsnaam })
  await about(huur, { naam: naam('Bakker') })
  await about(water, { naam: naam('Visser') })
  t.equal((await ask(raalte, { naam: { geslachtsnaam: 'Bakker-Visser' }, adres })).statusCode, 422)
  t.equal(shownIn(await ask(raalte, { naam: { geslachtsnaam: 'Bakker' }, adres })).length, 1)
})

t.test('the letter of a house counts in whichever field it stands', async (t) => {
  const { raalte, huur, about } = await openRights(t)
  const naam = { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Dijk' }
  const inLetter = await about(huur, { naam }, { adres: { huisnummer: 1, huisletter: 'A' } })
  const inAddition = await about(huur, { naam }, { adres: { huisnummer: 1, huisnummertoevoeging: 'a' } })
  const next = await about(huur, { naam }, { adres: { huisnummer: 1, huisletter: 'B' } })
  for (const letter of [{ huisletter: 'a' }, { huisnummertoevoeging: 'A' }]) {
    const found = shownIn(await ask(raalte, { ...dijk, adres: { ...adres, ...letter } }))
    t.same(found, [inLetter, inAddition].sort())
    t.notOk(found.includes(next))
  }
})

t.test('two persons of one name on one address are told apart, never both shown', async (t) => {
  const { raalte, huur, water, about } = await openRights(t)
  const naam = (voorletters: string | undefined) => ({
    voorletters,
    voorvoegsel: 'van',
    geslachtsnaam: 'Dijk'
  })
  const father = await about(huur, { naam: naam('A.'), geboortedatum: '1955-01-02' })
  const son = await about(water, { naam: naam('B.'), geboortedatum: '1985-06-15' })
  const unsure = await about(water, { naam: naam(undefined), geboortedatum: undefined })

  const unclear = await ask(raalte, dijk)
  t.equal(unclear.statusCode, 422)
  t.match(unclear.json(), { type: '/v1/problemen/betrokkene-onduidelijk' })
  t.same(
    unclear.json().errors.map(({ location }: { location: string }) => location),
    ['/naam/voorletters', '/geboortedatum']
  )
  t.notMatch(unclear.body, /1955|1985|Dijk/)
  const byBirth = await ask(raalte, { ...dijk, geboortedatum: '1955-01-02' })
  t.same(shownIn(byBirth), [father])
  t.equal(byBirth.json().aantalOnzeker, 1)
  t.same(shownIn(await ask(raalte, { ...dijk, naam: { ...dijk.naam, voorletters: 'B.' } })), [son])
  for (const id of [son, unsure]) t.notMatch(byBirth.body, new RegExp(id))
  t.same(shownIn(await ask(raalte, { ...dijk, geboortedatum: '1999-09-09' })), [])
})

t.test('by BSN, written as people write it, with the signals beside it that have none', async (t) => {
  const { hub, raalte, huur, zorg, about, vanDijk } = await openRights(t)
  const naam = { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Dijk' }
  const insured = await about(zorg, { naam, burgerservicenummer: testBsn })
  const moved = await about(zorg, { naam, burgerservicenummer: testBsn }, { adres: { huisnummer: 9 } })
  const rent = await vanDijk(huur)
  const other = await about(huur, { naam: { ...naam, geslachtsnaam: 'Ander' } })
  for (const burgerservicenummer of [testBsn, '9999.90.019', '999 990 019', '9999-90019']) {
    const found = await ask(raalte, { burgerservicenummer })
    t.same(shownIn(found), [insured, moved, rent].sort(), burgerservicenummer)
    t.notMatch(found.body, new RegExp(other))
  }
  t.same(shownIn(await ask(raalte, dijk)), [insured, moved, rent].sort(), 'and the other way round')
  for (const wrong of ['999990018', '000000000', '123', testBsn + testBsn]) {
    t.equal((await ask(raalte, { burgerservicenummer: wrong })).statusCode, 400, wrong)
  }
  t.notOk(hub.logLines.some((line) => line.includes(testBsn)))
})

t.test('400: who is asked in two ways, in half a way or in none', async (t) => {
  const { raalte } = await openRights(t)
  const bodies = [
    {},
    { naam: dijk.naam },
    { adres },
    { geboortedatum: '1985-06-15' },
    { burgerservicenummer: testBsn, adres },
    { burgerservicenummer: testBsn, geboortedatum: '1985-06-15' },
    { ...dijk, referentie: 'R-1' }
  ]
  for (const body of bodies) t.equal((await ask(raalte, body)).statusCode, 400, JSON.stringify(body))
})

t.test('all that is held: criteria, cases, contact, feedback, contests, and who looked', async (t) => {
  const { hub, raalte, olst, huur, water, about, vanDijk, openAt } = await openRights(t)
  const signal = await vanDijk(huur)
  const housemate = await about(water, { naam: { voorletters: 'Z.', geslachtsnaam: 'Huisgenoot' } })
  await raalte.call({ method: 'GET', url: '/v1/huishoudens', headers: { gebruiker: 'mw-1' } })
  await raalte.call({ method: 'GET', url: '/v1/huishoudens', headers: { gebruiker: 'mw-1' } })
  const zaak = await openAt(1)
  const poging = { soort: 'telefoon', datum: '2026-11-20', bereikt: true, wenstGeenContact: true }
  made(await raalte.post(`${zaken}/${zaak.id}/contactpogingen`, poging))
  made(
    await raalte.post(`/v1/vroegsignalen/${signal}/betwistingen`, {
      reden: 'al-betaald',
      toelichting: 'Bank'
    })
  )
  t.equal((await close(raalte, zaak.id, { resultaat: 'budgetadvies', betreft: [signal] })).statusCode, 200)

  const answer = await ask(raalte, dijk)
  t.equal(answer.statusCode, 200)
  const inzage = answer.json()
  t.match(inzage.vroegsignalen, [{ id: signal, signaalpartner: { id: huur.id }, referentie: 'R-1' }])
  t.ok(inzage.vroegsignalen[0].beoordeling.criteria.length > 15)
  t.match(inzage.huishoudens, [{ gemeentecode: '0177', vroegsignaalIds: [signal] }])
  t.notOk('totaalbedragInCenten' in inzage.huishoudens[0], 'no sum with the housemate in it')
  t.match(inzage.zaken, [{ id: zaak.id, vroegsignaalIds: [signal], resultaat: 'budgetadvies' }])
  t.match(inzage.zaken[0].contactpogingen[0], { soort: 'telefoon', bereikt: true })
  t.notOk('wenstGeenContact' in inzage.zaken[0].contactpogingen[0], 'it may be the wish of the housemate')
  t.same(
    inzage.terugkoppelingen.map(({ code, vroegsignaalId }: Record<string, string>) => [code, vroegsignaalId]),
    ['opgepakt', 'betwist', 'hulp-aanvaard'].map((code) => [code, signal])
  )
  t.match(inzage.betwistingen, [{ reden: 'al-betaald', toelichting: 'Bank' }])
  const looked = inzage.verwerkingen.find(
    (one: { activiteit: string }) => one.activiteit === 'huishouden-inzien'
  )
  t.match(looked, { aantal: Number, door: { naam: 'Gemeente Raalte' } })
  const byEmployee = inzage.verwerkingen.filter((one: { door: object }) => 'gebruiker' in one.door)
  t.match(byEmployee, [{ aantal: 2, door: { gebruiker: 'mw-1' } }])
  for (const word of ['Huisgenoot', housemate, water.id]) t.notMatch(answer.body, new RegExp(word))

  const ofHousemate = await ask(raalte, { naam: { geslachtsnaam: 'Huisgenoot' }, adres })
  t.notOk('resultaat' in ofHousemate.json().zaken[0], 'the result was about the other')
  t.same(shownIn(await ask(olst, dijk)), [], 'another municipality has nothing')
  const logged = await hub.admin(`select from verwerking where activiteit = 'inzage-verlenen'`)
  t.equal(logged.length, 3, 'each was logged, also the one that found nothing')
  const again = (await ask(raalte, dijk)).json().verwerkingen
  t.ok(again.some((one: { activiteit: string }) => one.activiteit === 'inzage-verlenen'))
})

t.test('alone on the address, a resident sees the sum of the household', async (t) => {
  const { raalte, huur, water, vanDijk, openAt } = await openRights(t)
  await vanDijk(huur)
  await vanDijk(water)
  const zaak = await openAt(1)
  await reach(raalte, zaak.id)
  const { huishoudens } = (await ask(raalte, dijk)).json()
  t.match(huishoudens, [{ totaalbedragInCenten: 169_000, matchsoorten: ['meervoudig'], crisis: false }])
})

t.test('what was withdrawn and waits in a case is still shown; what is destroyed is not', async (t) => {
  const { raalte, huur, vanDijk, openAt } = await openRights(t)
  const signal = await vanDijk(huur)
  const wrong = await vanDijk(huur)
  await openAt(1)
  made(await huur.post(`/v1/vroegsignalen/${signal}/intrekkingen`, { reden: 'betaald' }))
  made(await huur.post(`/v1/vroegsignalen/${wrong}/intrekkingen`, { reden: 'foutief' }))
  const answer = await ask(raalte, dijk)
  t.match(answer.json().vroegsignalen, [{ id: signal, status: 'ingetrokken' }])
})

t.test('as a letter that prints, in which nothing of a text can act', async (t) => {
  const { raalte, huur, about } = await openRights(t)
  const geslachtsnaam = `<script>alert(1)</script>"'&`
  await about(huur, { naam: { geslachtsnaam, voorletters: 'A.', voorvoegsel: undefined } })
  const answer = await ask(raalte, { naam: { geslachtsnaam }, adres }, { accept: 'text/html' })
  t.equal(answer.statusCode, 200)
  t.match(answer.headers, { 'content-type': 'text/html; charset=utf-8', vary: /Accept/ })
  const policy = String(answer.headers['content-security-policy'])
  t.match(
    policy,
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/
  )
  t.notMatch(answer.body, /<script|https?:|src=|href=|url\(|\son[a-z]+=/i)
  t.match(answer.body, '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;')
  for (const part of ['@media print', 'lang="nl"', 'Gemeente Raalte', '20 november 2026', '€&nbsp;845,00']) {
    t.ok(answer.body.replaceAll('\u00a0', '&nbsp;').includes(part), part)
  }
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
  t.match((await ask(raalte, { naam: { geslachtsnaam }, adres }, browser)).headers['content-type'], /html/)
  for (const accept of ['*/*', 'application/json']) {
    t.match(
      (await ask(raalte, { naam: { geslachtsnaam }, adres }, { accept })).headers['content-type'],
      /json/
    )
  }
  const none = await ask(raalte, { naam: { geslachtsnaam: 'Niemand' }, adres }, { accept: 'text/html' })
  t.match(none.body, 'geen signalen over u')
})

t.test('repeated under one key it shows what stands, and is logged again', async (t) => {
  const { raalte, huur, vanDijk } = await openRights(t)
  await vanDijk(huur)
  const key = { 'idempotency-key': 'inzage-1' }
  t.equal((await ask(raalte, dijk, key)).statusCode, 200)
  const again = await ask(raalte, dijk, key)
  t.match(again, { statusCode: 200, headers: { 'idempotency-replayed': 'true' } })
  t.equal(again.json().vroegsignalen.length, 1)
  t.equal((await ask(raalte, { burgerservicenummer: testBsn }, key)).statusCode, 422)
})

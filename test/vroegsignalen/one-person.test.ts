import t, { type Test } from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { objectTo } from '../helpers/object-to.ts'
import { openTestHub } from '../helpers/test-hub.ts'

type Naam = { readonly voorletters?: string; readonly voorvoegsel?: string; readonly geslachtsnaam: string }

const path = '/v1/vroegsignalen'
const adres = { postcode: '8101AA', huisnummer: 10 }

/** A name as a partner writes it, and as others do. */
const names: readonly (readonly [Naam, ...Naam[]])[] = [
  [{ geslachtsnaam: 'Sørensen' }, { geslachtsnaam: 'Sorensen' }, { geslachtsnaam: 'SOERENSEN' }],
  [{ geslachtsnaam: 'Łukasz' }, { geslachtsnaam: 'Lukasz' }],
  [{ geslachtsnaam: 'Müller' }, { geslachtsnaam: 'Mueller' }, { geslachtsnaam: 'Muller' }],
  [{ geslachtsnaam: 'van Dijk' }, { geslachtsnaam: 'Dijk' }, { voorvoegsel: 'van', geslachtsnaam: 'Dijk' }],
  [
    { voorvoegsel: 'van', geslachtsnaam: 'Dijk' },
    { geslachtsnaam: 'van Dijk' },
    { geslachtsnaam: 'Dijk, van' }
  ],
  [
    { geslachtsnaam: 'Jansen-de Vries' },
    { geslachtsnaam: 'Jansen' },
    { voorvoegsel: 'de', geslachtsnaam: 'Vries' }
  ],
  [
    { voorletters: 'A.B.', geslachtsnaam: 'Voorbeeld' },
    { voorletters: 'a', geslachtsnaam: 'Voorbeeld' }
  ],
  [{ geslachtsnaam: 'Dĳkstra' }, { geslachtsnaam: 'Dijkstra' }]
]

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  let sent = 0
  const post = (naam: Naam, more: object = {}, place: object = {}) => {
    sent += 1
    return partner.post(path, signalOf(`R-${sent}`, naam, more, place))
  }
  const find = async (naam: Naam, more: object = {}) => {
    const answer = await raalte.post(`${path}/_zoek`, { naam, adres, ...more })
    return answer.json().resultaten.map(({ referentie }: { referentie: string }) => referentie)
  }
  return { hub, raalte, post, find }
}

function signalOf(referentie: string, naam: Naam, betrokkene: object, place: object) {
  const usual = aSignal({ referentie, klantnummer: referentie, adres: place })
  return { ...usual, betrokkene: { soort: 'natuurlijk-persoon', naam, ...betrokkene } }
}

t.test('a person is found under every form of the name', async (t) => {
  for (const [written, ...asked] of names) {
    const { post, find, raalte } = await openHub(t)
    t.equal((await post(written)).statusCode, 201)
    await post({ geslachtsnaam: 'Huisgenoot' })
    for (const naam of [written, ...asked]) {
      t.same(await find(naam), ['R-1'], `${written.geslachtsnaam} as ${naam.geslachtsnaam}`)
      const households = await raalte.post('/v1/huishoudens/_zoek', { naam, adres })
      t.equal(households.json().resultaten.length, 1)
    }
    t.same(await find({ geslachtsnaam: 'Iemand' }), [])
  }
})

t.test('an objection under one form stops signals under every other', async (t) => {
  for (const [written, ...asked] of names) {
    for (const naam of [written, ...asked]) {
      const { hub, post } = await openHub(t)
      await objectTo(hub, { persoon: { naam }, adres, einddatum: '2027-01-01' })
      const answer = await post(written)
      t.equal(answer.statusCode, 422, `${written.geslachtsnaam} as ${naam.geslachtsnaam}`)
      t.equal(answer.json().errors[0].code, 'geen-bezwaar')
    }
  }
})

t.test('nobody else on the address is shown or refused', async (t) => {
  const { hub, post, find } = await openHub(t)
  const naam = { voorletters: 'J.', geslachtsnaam: 'Voorbeeld' }
  const persoon = { naam, geboortedatum: '1985-06-15' }
  await objectTo(hub, { persoon, adres, einddatum: '2027-01-01' })
  t.equal((await post({ voorletters: 'M.', geslachtsnaam: 'Voorbeeld' })).statusCode, 201, 'another initial')
  t.equal((await post(naam, { geboortedatum: '2001-01-01' })).statusCode, 201, 'another birth date')
  t.equal((await post({ geslachtsnaam: 'Anders' })).statusCode, 201, 'another name')
  t.equal((await post({ geslachtsnaam: 'Voorbeeld' })).statusCode, 422, 'nothing says that it is another')
  t.same(await find({ voorletters: 'M.', geslachtsnaam: 'Voorbeeld' }), ['R-1'])
  t.same(await find(naam, { geboortedatum: '2001-01-01' }), ['R-2'])
  t.same(await find({ geslachtsnaam: 'Voorbeeld' }), ['R-2', 'R-1'])
})

t.test('an objection of before a register stops signals after it, however they are written', async (t) => {
  const [naam, nummeraanduiding] = [{ geslachtsnaam: 'Voorbeeld' }, '0177200000000001']
  const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
  for (const [objected, registered, signalled] of [
    [{ huisnummertoevoeging: 'II' }, ';2', { huisnummertoevoeging: '2hg' }],
    [{}, 'A;', { huisletter: 'A' }],
    [{ huisletter: 'A' }, 'A;', {}],
    [{ huisnummertoevoeging: 'huis' }, undefined, { huisnummertoevoeging: 'H' }]
  ] as const) {
    const { hub, post } = await openHub(t)
    await objectTo(hub, { persoon: { naam }, adres: { ...adres, ...objected }, einddatum: '2027-01-01' })
    if (registered !== undefined) {
      const line = `8101AA;10;${registered};${nummeraanduiding};0177`
      t.equal((await loadRegister(hub.beheer, [header, line])).statusCode, 201)
    }
    const answer = await post(naam, {}, signalled)
    t.equal(answer.statusCode, 422, `${JSON.stringify(objected)} and ${JSON.stringify(signalled)}`)
  }
})

t.test('a search that shows nobody leaves no line in the processing log', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  await post({ geslachtsnaam: 'Voorbeeld' })
  const count = () => hub.admin(`select from verwerking where activiteit <> 'vroegsignaal-aannemen'`)
  const naam = { geslachtsnaam: 'Iemand' }
  for (const url of [`${path}/_zoek`, '/v1/huishoudens/_zoek']) {
    t.same((await raalte.post(url, { naam, adres })).json().resultaten, [])
  }
  t.same(await count(), [])
})

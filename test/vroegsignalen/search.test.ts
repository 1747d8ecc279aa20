import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { aSignalFor, type Overrides, testBsn } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'

const path = '/v1/vroegsignalen/_zoek'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const [raalte, almelo] = [await hub.gemeente('0177'), await hub.gemeente('0141')]
  const sectors: readonly Sector[] = ['huur', 'zorgverzekering']
  const partner = await hub.signaalpartner(sectors, ['0177', '0141'])
  const other = await hub.signaalpartner(sectors, ['0177'])
  const post = async (by: Party, referentie: string, overrides: Overrides = {}, sector: Sector = 'huur') => {
    const answer = await by.post('/v1/vroegsignalen', aSignalFor(sector, { referentie, ...overrides }))
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  return { hub, raalte, almelo, partner, other, post }
}

const referencesOf = (answer: Answer): string[] =>
  answer.json().resultaten.map(({ referentie }: { referentie: string }) => referentie)

t.test('a partner finds its own signal by its reference, and nobody else does', async (t) => {
  const { partner, other, raalte, post } = await openHub(t)
  await post(partner, 'R-1')
  await post(other, 'R-2')
  t.same(referencesOf(await partner.post(path, { referentie: 'R-1' })), ['R-1'])
  t.same(referencesOf(await partner.post(path, { referentie: ' R-1 ' })), ['R-1'])
  for (const referentie of ['R-2', 'r-1', 'R-3'])
    t.same(referencesOf(await partner.post(path, { referentie })), [])
  t.equal((await raalte.post(path, { referentie: 'R-1' })).statusCode, 400, 'a reference is of the partner')
})

t.test('a municipality finds by BSN, among its own residents', async (t) => {
  const { partner, raalte, almelo, post } = await openHub(t)
  await post(partner, 'Z-1', {}, 'zorgverzekering')
  await post(partner, 'Z-2', { gemeentecode: '0141' }, 'zorgverzekering')
  await post(partner, 'Z-3', { betrokkene: { burgerservicenummer: '999993653' } }, 'zorgverzekering')
  await post(partner, 'H-1')
  t.same(referencesOf(await raalte.post(path, { burgerservicenummer: testBsn })), ['Z-1'])
  t.same(referencesOf(await almelo.post(path, { burgerservicenummer: testBsn })), ['Z-2'])
  t.equal((await partner.post(path, { burgerservicenummer: testBsn })).statusCode, 400, 'a partner does not')
})

t.test(
  'a person is found by surname and address, whatever the case, the accents and the punctuation',
  async (t) => {
    const { partner, raalte, post } = await openHub(t)
    const named = (geslachtsnaam: string, geboortedatum?: string) => ({
      betrokkene: { naam: { geslachtsnaam }, geboortedatum }
    })
    const adres = { postcode: '8101AA', huisnummer: 10 }
    await post(partner, 'A', named("D'Hondt-Müller", '1985-06-15'))
    await post(partner, 'B', named("D'Hondt-Müller", '2001-01-01'))
    await post(partner, 'C', named("D'Hondt-Müller"))
    await post(partner, 'D', named('Ander'))
    await post(partner, 'E', { ...named("D'Hondt-Müller"), adres: { huisnummer: 11 } })
    const find = async (geslachtsnaam: string, more = {}) =>
      referencesOf(await raalte.post(path, { naam: { geslachtsnaam }, adres, ...more })).sort()
    for (const name of ["D'Hondt-Müller", "d'hondt-müller", 'DHONDT MULLER', 'D’Hondt Mu\u0308ller']) {
      t.same(await find(name), ['A', 'B', 'C'], name)
    }
    t.same(await find('Hondt'), ['A', 'B', 'C'], 'one part of a double name, without its prefix')
    t.same(await find('Mueller'), ['A', 'B', 'C'])
    t.same(await find('Hond'), [], 'no piece of a part')
    t.same(
      await find("D'Hondt-Müller", { geboortedatum: '1985-06-15' }),
      ['A', 'C'],
      'without a birth date: shown'
    )
    t.same(await find("D'Hondt-Müller", { geboortedatum: '1950-01-01' }), ['C'])
    const twin = { naam: { geslachtsnaam: 'ander' }, adres: { postcode: '8101 aa', huisnummer: 10 } }
    t.same(referencesOf(await raalte.post(path, twin)), ['D'])
    const households = await raalte.post('/v1/huishoudens/_zoek', twin)
    t.equal(households.json().resultaten[0].aantalSignalen, 4, 'the household of the person, whole')
  }
)

t.test('an address is found in any writing, and only that address', async (t) => {
  const { partner, raalte, almelo, post } = await openHub(t)
  await post(partner, 'A', { adres: { huisletter: 'A', huisnummertoevoeging: '2' } })
  await post(partner, 'B', { adres: { huisletter: 'A' } })
  const adres = { postcode: '8101 aa', huisnummer: 10, huisletter: 'a', huisnummertoevoeging: '2' }
  t.same(referencesOf(await raalte.post(path, { adres })), ['A'])
  t.same(referencesOf(await almelo.post(path, { adres })), [])
  const [household] = (await raalte.post('/v1/huishoudens/_zoek', { adres })).json().resultaten
  t.match(household, { aantalSignalen: 1, adres: { huisletter: 'A', huisnummertoevoeging: '2' } })
})

t.test('a question that selects on nothing, on two things, or on half a thing is refused', async (t) => {
  const { raalte, partner } = await openHub(t)
  const naam = { geslachtsnaam: 'Proefpersoon' }
  const adres = { postcode: '8101AA', huisnummer: 10 }
  const refused = [
    {},
    { naam },
    { geboortedatum: '1985-06-15' },
    { adres, geboortedatum: '1985-06-15' },
    { burgerservicenummer: testBsn, adres },
    { burgerservicenummer: testBsn, naam },
    { burgerservicenummer: testBsn, geboortedatum: '1985-06-15' },
    { referentie: 'R-1', adres },
    { adres: { postcode: '8101AA' } },
    { burgerservicenummer: '12345678' },
    { telefoonnummer: '+31600000000' }
  ]
  for (const question of refused) {
    for (const [party, url] of [
      [raalte, path],
      [partner, path],
      [raalte, '/v1/huishoudens/_zoek']
    ] as const) {
      const answer = await party.post(url, question)
      t.equal(answer.statusCode, 400, JSON.stringify(question))
      t.equal(answer.json().type, '/v1/problemen/ongeldige-invoer')
    }
  }
  t.equal(
    (await raalte.call({ method: 'GET', url: '/v1/vroegsignalen?burgerservicenummer=1' })).statusCode,
    400
  )
})

t.test('what is found comes in pages too, and a cursor is bound to its question', async (t) => {
  const { partner, raalte, post } = await openHub(t)
  for (const n of [1, 2, 3]) await post(partner, `R-${n}`)
  const question = { adres: { postcode: '8101AA', huisnummer: 10 } }
  const first = await raalte.post(`${path}?limit=2`, question)
  t.same(referencesOf(first), ['R-3', 'R-2'])
  const next = /<http:\/\/hub\.test([^>]+)>/.exec(String(first.headers.link))![1]!
  t.notMatch(next, /8101/, 'no question in an address')
  t.same(referencesOf(await raalte.post(next, question)), ['R-1'])
  const other = { adres: { postcode: '8101AA', huisnummer: 11 } }
  t.equal((await raalte.post(next, other)).statusCode, 400)
})

t.test('what is found has the evidence only where it is asked for', async (t) => {
  const { partner, raalte, post } = await openHub(t)
  await post(partner, 'R-1')
  const made = (await partner.get(`/v1/vroegsignalen?expand=beoordeling`)).json().resultaten
  t.ok(made[0].beoordeling.criteria.length > 0)
  const bare = made.map(({ beoordeling: _, ...signal }: { beoordeling: object }) => signal)
  const question = { adres: { postcode: '8101AA', huisnummer: 10 } }
  for (const [party, vraag] of [
    [partner, { referentie: 'R-1' }],
    [raalte, question]
  ] as const) {
    t.same((await party.post(path, vraag)).json().resultaten, bare)
    t.same((await party.post(`${path}?expand=beoordeling`, vraag)).json().resultaten, made)
    t.equal((await party.post(`${path}?expand=iets`, vraag)).statusCode, 400)
  }
  const households = '/v1/huishoudens/_zoek'
  const [found] = (await raalte.post(households, question)).json().resultaten
  t.same(found.vroegsignalen, bare)
  const [expanded] = (await raalte.post(`${households}?expand=beoordeling`, question)).json().resultaten
  t.same(expanded, { ...found, vroegsignalen: made })
  t.equal((await raalte.post(`${households}?expand=iets`, question)).statusCode, 400)
})

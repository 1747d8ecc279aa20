import t from 'tap'
import { continueOvereenkomsten } from '../../../src/organisaties/overeenkomsten/continue-overeenkomsten.ts'
import type { OvereenkomstRij } from '../../../src/organisaties/overeenkomsten/overeenkomst-store.ts'

const by = { naam: 'N.', functie: 'Manager', op: '2020-01-01T00:00:00Z' }

const agreement = (given: Partial<OvereenkomstRij> = {}): OvereenkomstRij => ({
  gemeentecode: '0177',
  id: 'oud',
  signaalpartnerId: 'p',
  sectoren: ['huur'],
  convenantversie: 'LCV 2020',
  ingangsdatum: '2020-01-01',
  einddatum: null,
  ingreep: null,
  ondertekeningSignaalpartner: by,
  ondertekeningGemeente: by,
  ...given
})
const theirs = (given: Partial<OvereenkomstRij> = {}) =>
  agreement({ gemeentecode: '0193', id: 'hun', ...given })
const decide = (own: OvereenkomstRij, ...others: OvereenkomstRij[]) =>
  continueOvereenkomsten('0193', '2027-01-01', [own], others)

t.test('an agreement goes on as it is, and ends the day before, or never began', async (t) => {
  const { ended, continued } = decide(agreement({ einddatum: '2027-06-30' }))
  t.match(continued, [{ ...agreement({ einddatum: '2027-06-30' }), gemeentecode: '0193', id: /^(?!oud)/ }])
  t.same(ended, [{ id: 'oud', einddatum: '2026-12-31', ingreep: null }])
  t.same(decide(agreement({ ingangsdatum: '2027-01-01' })).ended, [
    { id: 'oud', einddatum: null, ingreep: 'beeindigd' }
  ])
  t.same(decide(agreement({ ingreep: 'opgeschort' })).ended, [
    { id: 'oud', einddatum: '2026-12-31', ingreep: 'opgeschort' }
  ])
})

t.test('none is doubled where the successor has one that covers it', async (t) => {
  const covering: Partial<OvereenkomstRij>[] = [
    {},
    { sectoren: ['huur', 'gas'] },
    { ingangsdatum: '2026-12-01' },
    { ingreep: 'opgeschort' }
  ]
  for (const given of covering)
    t.same(decide(agreement(), theirs(given)).continued, [], JSON.stringify(given))
  const wanting: Partial<OvereenkomstRij>[] = [
    { signaalpartnerId: 'q' },
    { sectoren: ['gas'] },
    { ingangsdatum: '2026-12-15' },
    { einddatum: '2027-06-30' },
    { einddatum: '2026-12-30' },
    { ingreep: 'beeindigd' },
    { ondertekeningGemeente: null }
  ]
  for (const given of wanting)
    t.equal(decide(agreement(), theirs(given)).continued.length, 1, JSON.stringify(given))
})

t.test('a concept beside an agreement in force goes on as well', async (t) => {
  const concept = agreement({ id: 'concept', convenantversie: 'LCV 2027', ondertekeningGemeente: null })
  for (const order of [
    [agreement(), concept],
    [concept, agreement()]
  ]) {
    const { continued, ended } = continueOvereenkomsten('0193', '2027-01-01', order, [])
    t.equal(continued.length, 2)
    t.equal(ended.length, 2)
  }
})

t.test('one that had ended goes on once, and only where the successor never knew the partner', async (t) => {
  const over = agreement({ einddatum: '2026-06-30' })
  t.match(decide(over), { ended: [], continued: [{ einddatum: '2026-06-30' }] })
  t.same(decide(over, theirs({ ingreep: 'beeindigd' })), { ended: [], continued: [] })
  const twice = continueOvereenkomsten('0193', '2027-01-01', [over, { ...over, id: 'ouder' }], [])
  t.equal(twice.continued.length, 1)
  const withLive = continueOvereenkomsten('0193', '2027-01-01', [over, agreement()], [])
  t.match(withLive.continued, [{ einddatum: null }])
})

import t from 'tap'
import { isSamePerson, type Persoon } from '../../src/personen/is-same-person.ts'

type Given = Omit<Persoon, 'naam'> & { voorletters?: string; voorvoegsel?: string; geslachtsnaam?: string }

function person({
  geboortedatum,
  burgerservicenummer,
  geslachtsnaam = 'Voorbeeld',
  ...naam
}: Given): Persoon {
  return {
    naam: { geslachtsnaam, ...naam },
    ...(geboortedatum && { geboortedatum }),
    ...(burgerservicenummer && { burgerservicenummer })
  }
}

const one: readonly (readonly [Given, Given])[] = [
  [{}, {}],
  [{ voorvoegsel: 'van', geslachtsnaam: 'Dijk' }, { geslachtsnaam: 'van Dijk' }],
  [{ geslachtsnaam: 'Jansen-de Vries' }, { voorvoegsel: 'de', geslachtsnaam: 'Vries' }],
  [{ geslachtsnaam: 'Müller' }, { geslachtsnaam: 'MUELLER' }],
  [{ voorletters: 'J.' }, { voorletters: 'dhr. J.P.' }],
  [{ voorletters: 'J.' }, {}],
  [{ voorletters: 'J.' }, { voorletters: 'dhr.' }],
  [{ geboortedatum: '1985-06-15' }, { geboortedatum: '1985-06-15' }],
  [{ geboortedatum: '1985-06-15' }, {}],
  [{ burgerservicenummer: '999990019' }, {}],
  [
    { burgerservicenummer: '999990019', voorletters: 'A.', geslachtsnaam: 'Jansen' },
    { burgerservicenummer: '999990019', voorletters: 'B.', geslachtsnaam: 'Bakker' }
  ]
]

t.test('one person', async (t) => {
  for (const [a, b] of one) {
    t.ok(isSamePerson(person(a), person(b)), `${JSON.stringify(a)} = ${JSON.stringify(b)}`)
    t.ok(isSamePerson(person(b), person(a)), 'and the other way round')
  }
})

const two: readonly (readonly [Given, Given])[] = [
  [{ geslachtsnaam: 'Jansen' }, { geslachtsnaam: 'Janssen' }],
  [
    { voorvoegsel: 'de', geslachtsnaam: 'Vries' },
    { voorvoegsel: 'de', geslachtsnaam: 'Wit' }
  ],
  [{ geslachtsnaam: 'van Dijk' }, { geslachtsnaam: 'van' }],
  [{ voorletters: 'J.' }, { voorletters: 'M.' }],
  [{ voorletters: 'dhr. J.' }, { voorletters: 'mevr. M.' }],
  [
    { voorletters: 'J.', geboortedatum: '1955-06-15' },
    { voorletters: 'J.', geboortedatum: '1985-06-15' }
  ],
  [{ burgerservicenummer: '999990019' }, { burgerservicenummer: '111222333' }],
  [
    { burgerservicenummer: '999990019', voorletters: 'J.', geboortedatum: '1985-06-15' },
    { burgerservicenummer: '111222333', voorletters: 'J.', geboortedatum: '1985-06-15' }
  ],
  [
    { burgerservicenummer: '999990019', geboortedatum: '1955-06-15' },
    { burgerservicenummer: '999990019', geboortedatum: '1985-06-15' }
  ],
  [
    { geslachtsnaam: 'Jansen', geboortedatum: '1985-06-15' },
    { geslachtsnaam: 'Bakker', geboortedatum: '1985-06-15' }
  ]
]

t.test('two persons', async (t) => {
  for (const [a, b] of two) {
    t.notOk(isSamePerson(person(a), person(b)), `${JSON.stringify(a)} ≠ ${JSON.stringify(b)}`)
    t.notOk(isSamePerson(person(b), person(a)), 'and the other way round')
  }
})

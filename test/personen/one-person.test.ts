import t from 'tap'
import type { Persoon } from '../../src/personen/is-same-person.ts'
import { isOnePerson, onlyThese } from '../../src/personen/one-person.ts'

const jansen = (voorletters?: string, geboortedatum?: string): Persoon => ({
  naam: { geslachtsnaam: 'Jansen', ...(voorletters && { voorletters }) },
  ...(geboortedatum && { geboortedatum })
})
const bakker: Persoon = { naam: { geslachtsnaam: 'Bakker' } }
const [someone, anna, piet] = [jansen(), jansen('A.'), jansen('P.')]
const named = (persons: Persoon[], others: Persoon[]) => onlyThese(persons, others, (person) => person)

t.test('as soon as any two differ they are more than one person', async (t) => {
  t.ok(isOnePerson([]))
  t.ok(isOnePerson([anna, someone, jansen('A.', '1985-06-15')]))
  t.notOk(isOnePerson([anna, bakker]))
  t.notOk(isOnePerson([anna, someone, piet]), 'also when a third one could be either')
})

t.test('who is a named person comes along, who may be another does not', async (t) => {
  t.same(named([anna], [someone, bakker]), [someone])
  t.same(named([anna], [someone, piet]), [], 'the one without initials may be Piet')
  t.same(named([anna, piet], [someone, bakker]), [someone], 'unless both are named')
  t.same(named([bakker], [anna, piet, someone]), [])
  t.same(named([anna], [someone, someone]), [someone, someone])
  t.same(named([], [anna]), [])
})

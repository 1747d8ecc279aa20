import { isSamePerson, type Persoon } from './is-same-person.ts'

/** True when none of these persons, on one address, differs from another. */
export function isOnePerson(persons: readonly Persoon[]): boolean {
  const known = [...distinct(persons).values()]
  return known.every((one, index) => known.slice(index + 1).every((other) => isSamePerson(one, other)))
}

/**
 * Of `others`, on one address with `named`, those who are a named person and cannot be anyone else: who fits a named
 * person and also one who is not is left out.
 */
export function onlyThese<Someone>(
  named: readonly Someone[],
  others: readonly Someone[],
  personOf: (someone: Someone) => Persoon
): Someone[] {
  const wanted = [...distinct(named.map(personOf)).values()]
  const known = distinct(others.map(personOf))
  const fits = (one: Persoon, persons: readonly Persoon[]) =>
    persons.some((other) => isSamePerson(one, other))
  const strangers = [...known.values()].filter((one) => !fits(one, wanted))
  const found = new Set(
    [...known].filter(([, one]) => fits(one, wanted) && !fits(one, strangers)).map(([key]) => key)
  )
  return others.filter((one) => found.has(keyOf(personOf(one))))
}

// Many signals say the same of who it is, and comparing names is slow.
function distinct(persons: readonly Persoon[]): Map<string, Persoon> {
  return new Map(persons.map((person) => [keyOf(person), person]))
}

function keyOf({ naam, geboortedatum, burgerservicenummer }: Persoon): string {
  return JSON.stringify([
    naam.voorletters,
    naam.voorvoegsel,
    naam.geslachtsnaam,
    geboortedatum,
    burgerservicenummer
  ])
}

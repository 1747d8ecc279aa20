import type { Betrokkene } from '../begrippen/vroegsignaal.ts'
import { firstInitial } from './first-initial.ts'
import { nameForms } from './name-forms.ts'

/** What is known of who someone is. */
export type Persoon = Pick<Betrokkene, 'naam' | 'geboortedatum' | 'burgerservicenummer'>

/**
 * True when two persons on one address are taken to be one. Different birth dates, BSNs or first initials, where both
 * give them, make two persons; an equal BSN makes one, whatever the names; else the surnames decide. It does not carry
 * over: where a is b and b is c, a and c may differ, for b may give less.
 */
export function isSamePerson(a: Persoon, b: Persoon): boolean {
  if (differ(a.geboortedatum, b.geboortedatum)) return false
  if (a.burgerservicenummer && b.burgerservicenummer) return a.burgerservicenummer === b.burgerservicenummer
  if (differ(firstInitial(a.naam.voorletters), firstInitial(b.naam.voorletters))) return false
  const forms = nameForms(b.naam)
  return [...nameForms(a.naam)].some((form) => forms.has(form))
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}

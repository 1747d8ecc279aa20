import type { Fault } from '../platform/http/problem.ts'
import type { Zoekvraag } from './vroegsignaal-schema.ts'

const combinations =
  'Zoek op referentie (partner), op burgerservicenummer, op naam met adres, of op adres; geboortedatum alleen bij naam met adres.'

/** The faults of a search that selects on nothing, on two things at once, or on a name or birth date alone. */
export function searchFaults({
  referentie,
  burgerservicenummer,
  naam,
  adres,
  geboortedatum
}: Zoekvraag): Fault[] {
  const ways = [referentie, burgerservicenummer, adres].filter((way) => way !== undefined).length
  const isNameAlone = naam !== undefined && adres === undefined
  const isBirthDateAlone = geboortedatum !== undefined && naam === undefined
  if (ways === 1 && !isNameAlone && !isBirthDateAlone) return []
  return [{ in: 'body', location: '', code: 'paramsCombination', detail: combinations }]
}

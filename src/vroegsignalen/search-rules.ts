import type { Fault } from '../platform/http/problem.ts'
import type { Zoekvraag } from './vroegsignaal-schema.ts'

const combinations =
  'Zoek op referentie (partner), op burgerservicenummer, op naam met adres, of op adres; geboortedatum alleen bij naam met adres.'

/** Refuses a question that selects on nothing, or on two things at once. */
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

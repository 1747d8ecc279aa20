import { isElfproef } from '../personen/burgerservicenummer.ts'
import { bodyFault, type Fault } from '../platform/http/problem.ts'
import type { Betrokkenenverzoek } from './verzoek-schema.ts'

const combinations =
  'Zeg wie de inwoner is met een burgerservicenummer, of met naam en adres; geboortedatum alleen bij naam en adres.'

/** The faults of a request that does not say in exactly one way who the resident is. */
export function verzoekFaults({
  burgerservicenummer,
  naam,
  adres,
  geboortedatum
}: Betrokkenenverzoek): Fault[] {
  if (burgerservicenummer === undefined)
    return naam === undefined || adres === undefined ? [bodyFault('', 'paramsCombination', combinations)] : []
  const isMixed = naam !== undefined || adres !== undefined || geboortedatum !== undefined
  // A slip of the pen would answer that nothing is held.
  const isValid = isElfproef(bareBsn(burgerservicenummer))
  return [
    ...(isMixed ? [bodyFault('', 'paramsCombination', combinations)] : []),
    ...(isValid
      ? []
      : [bodyFault('/burgerservicenummer', 'pattern', 'Dit burgerservicenummer bestaat niet.')])
  ]
}

/** A BSN as its nine digits. */
export function bareBsn(burgerservicenummer: string): string {
  return burgerservicenummer.replace(/\D/g, '').padStart(9, '0')
}

import type { Bevinding } from '../beoordeling/criterium.ts'
import { bodyFault, type Fault, Problem } from '../platform/http/problem.ts'

/** The criteria that a refused signal did not meet, as faults: field, rule, law and what to do. Never a value. */
export function criteriumFaults(bevindingen: readonly Bevinding[]): Fault[] {
  const noAgreement = bevindingen.filter(({ criterium }) => criterium.criterium === 'overeenkomst-actief')
  // Without an agreement the partner may not learn about the rest.
  const named = noAgreement.length > 0 ? noAgreement : bevindingen
  return named.map(({ criterium }) => ({
    in: 'body',
    location: criterium.location,
    code: criterium.criterium,
    detail: `${criterium.afwijzing} ${criterium.herstel}`,
    grondslag: criterium.grondslag
  }))
}

/** The fault of a reference that belongs to other content already. */
export function referentieFault(): Fault {
  const detail =
    'Deze referentie hoort al bij een signaal met een andere inhoud, of dat intussen is gecorrigeerd, ingetrokken of afgerond. Verbeter dat signaal met PATCH, of geef een ander signaal een nieuwe referentie.'
  return bodyFault('/referentie', 'referentie-bestaat', detail)
}

/**
 * The problem for a signal that does not meet the criteria: 403 without an agreement, else 422 with every unmet
 * criterion.
 */
export function afwijzingProblem(bevindingen: readonly Bevinding[], detail?: string): Problem {
  const errors = criteriumFaults(bevindingen)
  const isAgreement = errors.some(({ code }) => code === 'overeenkomst-actief')
  return new Problem(isAgreement ? 'geen-overeenkomst' : 'signaal-niet-toelaatbaar', {
    errors,
    ...(detail !== undefined && { detail })
  })
}

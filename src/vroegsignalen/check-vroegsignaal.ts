import { type AangeleverdSignaal, isCrisis } from '../begrippen/vroegsignaal.ts'
import { bodyFault, type Fault } from '../platform/http/problem.ts'
import { tidyText } from '../platform/http/tidy-text.ts'
import { validatorFor } from '../platform/http/typebox.ts'
import { nummerFaults } from './check-nummers.ts'
import { normaliseVroegsignaal } from './normalise-vroegsignaal.ts'
import { readAbsent } from './read-absent.ts'
import { type SignaalInvoer, VroegsignaalInvoer } from './vroegsignaal-schema.ts'

const validate = validatorFor(VroegsignaalInvoer, 'body')

/** The result of a check. With faults it still has the reference, unless that is wrong too. */
export type Checked =
  | { readonly signaal: AangeleverdSignaal }
  | { readonly faults: Fault[]; readonly referentie?: string }

/** Checks an untrusted value: returns a signal ready to be weighed, or everything that is wrong with it. */
export function checkVroegsignaal(value: unknown): Checked {
  const tidy = readAbsent(tidyText(value))
  const { faults } = validate(tidy)
  if (faults.length > 0) return { faults, ...referenceOf(tidy, faults) }
  const invoer = tidy as SignaalInvoer
  const found = signaalFaults(invoer)
  return found.length > 0
    ? { faults: found, ...referenceOf(tidy, found) }
    : { signaal: normaliseVroegsignaal(invoer) }
}

function referenceOf(value: unknown, faults: readonly Fault[]): { referentie?: string } {
  const { referentie } = (typeof value === 'object' && value !== null ? value : {}) as {
    referentie?: unknown
  }
  const isFault = faults.some(({ location }) => location === '/referentie')
  return typeof referentie === 'string' && !isFault ? { referentie } : {}
}

/** The faults of a signal that no schema can tell. */
export function signaalFaults(invoer: SignaalInvoer): Fault[] {
  return [...geplandeDatumFaults(invoer), ...nummerFaults(invoer)]
}

// Every crisis kind must have a planned day, and no other kind may have one.
function geplandeDatumFaults({ soort, geplandeDatum }: SignaalInvoer): Fault[] {
  const fault = (code: string, detail: string): Fault[] => [bodyFault('/geplandeDatum', code, detail)]
  if (isCrisis(soort) && geplandeDatum === undefined)
    return fault('required', 'Verplicht bij een crisissoort.')
  if (!isCrisis(soort) && geplandeDatum !== undefined) {
    return fault('paramsCombination', 'Alleen toegestaan bij een crisissoort.')
  }
  return []
}

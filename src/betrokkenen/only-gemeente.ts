import { bodyFault, invalid } from '../platform/http/problem.ts'
import type { Caller } from '../toegang/caller.ts'
import type { GehoudenSignaal } from './find-betrokkene.ts'

/**
 * The one municipality that a request is about: the only one of the caller, or else that of the signals. Undefined when a
 * caller of several has no signals. Throws ongeldige-invoer when they are in more than one.
 */
export function onlyGemeente(
  { gemeentecodes }: Pick<Caller, 'gemeentecodes'>,
  signalen: readonly GehoudenSignaal[]
): string | undefined {
  const found = new Set(signalen.map(({ row }) => row.gemeentecode))
  if (found.size > 1) throw chooseGemeente()
  const [only] = gemeentecodes.length === 1 ? gemeentecodes : found
  return only
}

/** The problem for a request that does not say which of several municipalities it is about. */
export function chooseGemeente() {
  const detail = 'Zeg met `gemeentecode` om welke gemeente het gaat; u werkt voor meer dan één.'
  return invalid([bodyFault('/gemeentecode', 'required', detail)])
}

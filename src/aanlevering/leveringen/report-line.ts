import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import { type Fault, later } from '../../platform/http/problem.ts'
import { criteriumFaults, referentieFault } from '../../weging/afwijzing-problem.ts'
import type { Ontvangst } from '../ontvangst.ts'
import type { Regel } from './read-aanlevering.ts'

/** The result of one line, as the partner reads it in the report. */
export type Regelverslag = {
  readonly regel: number
  readonly referentie?: string
  readonly uitkomst: Regeluitkomst
  readonly vroegsignaalId?: string
  readonly errors: readonly Fault[]
}

/**
 * Reports the faults of a line, or the result of its signal. Throws tijdelijk-niet-beschikbaar when its reference
 * belongs to a signal that is being destroyed.
 */
export function reportLine(
  { regel, referentie, ...line }: Regel,
  ontvangst: Ontvangst | undefined
): Regelverslag {
  const named = { regel, ...(referentie !== undefined && { referentie }) }
  if ('faults' in line) return { ...named, uitkomst: 'afgewezen', errors: line.faults }
  switch (ontvangst!.uitkomst) {
    case 'afgewezen':
      return { ...named, uitkomst: 'afgewezen', errors: criteriumFaults(ontvangst!.bevindingen) }
    case 'referentie-bestaat':
      return { ...named, uitkomst: 'afgewezen', errors: [referentieFault()] }
    case 'referentie-verloopt':
      throw later(
        30,
        'Een referentie hoort bij een signaal dat op dit moment wordt vernietigd; lever zo opnieuw aan.'
      )
    default:
      return { ...named, uitkomst: ontvangst!.uitkomst, vroegsignaalId: ontvangst!.id, errors: [] }
  }
}

import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import { type Fault, later } from '../../platform/http/problem.ts'
import { criteriumFaults, referentieFault } from '../../weging/afwijzing-problem.ts'
import type { Ontvangst } from '../ontvangst.ts'
import type { Regel } from './read-aanlevering.ts'

/** What became of one line, as the partner can ask for it while the report is kept. */
export type Regelverslag = {
  readonly regel: number
  readonly referentie?: string
  readonly uitkomst: Regeluitkomst
  readonly vroegsignaalId?: string
  readonly errors: readonly Fault[]
}

/**
 * Reports on a line: its faults, or what became of its signal. Throws tijdelijk-niet-beschikbaar for a reference whose
 * signal is being destroyed.
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

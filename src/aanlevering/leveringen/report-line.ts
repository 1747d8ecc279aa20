import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { Bevinding } from '../../beoordeling/criterium.ts'
import { type Fault, later } from '../../platform/http/problem.ts'
import { criteriumFaults, referentieFault } from '../../weging/afwijzing-problem.ts'
import type { Regel } from './read-aanlevering.ts'

/** The result of one line of a delivery. */
export type Regelverslag = {
  readonly regel: number
  readonly referentie?: string
  readonly uitkomst: Regeluitkomst
  readonly vroegsignaalId?: string
  /** The signal that has the reference of a rejected line; the partner does not read it. */
  readonly staand?: string
  readonly errors: readonly Fault[]
}

/** What became of a signal, as far as its line tells it; without an id when nothing was stored. */
export type Regelontvangst =
  | { readonly uitkomst: 'opgenomen' | 'ongewijzigd'; readonly id?: string }
  | { readonly uitkomst: 'afgewezen'; readonly bevindingen: readonly Bevinding[] }
  | { readonly uitkomst: 'referentie-bestaat'; readonly staand?: string }
  | { readonly uitkomst: 'referentie-verloopt' }

/**
 * Reports the faults of a line, or the result of its signal. Throws tijdelijk-niet-beschikbaar when its reference
 * belongs to a signal that is being destroyed.
 */
export function reportLine(
  { regel, referentie, ...line }: Regel,
  ontvangst: Regelontvangst | undefined
): Regelverslag {
  const named = { regel, ...(referentie !== undefined && { referentie }) }
  if ('faults' in line) return { ...named, uitkomst: 'afgewezen', errors: line.faults }
  switch (ontvangst!.uitkomst) {
    case 'afgewezen':
      return { ...named, uitkomst: 'afgewezen', errors: criteriumFaults(ontvangst!.bevindingen) }
    case 'referentie-bestaat':
      return { ...named, uitkomst: 'afgewezen', ...standingOf(ontvangst!), errors: [referentieFault()] }
    case 'referentie-verloopt':
      throw later(
        30,
        'Een referentie hoort bij een signaal dat op dit moment wordt vernietigd; lever zo opnieuw aan.'
      )
    default: {
      const { uitkomst, id } = ontvangst!
      return { ...named, uitkomst, ...(id !== undefined && { vroegsignaalId: id }), errors: [] }
    }
  }
}

function standingOf({ staand }: { readonly staand?: string }): Pick<Regelverslag, 'staand'> {
  return staand === undefined ? {} : { staand }
}

import { sectoren, signaalsoorten } from '../begrippen/vroegsignaal.ts'
import type { Criterium } from './criterium.ts'
import { beginVroegsignalering } from './grondslagen.ts'

/** The part that all rows of one slug share. */
export type Kern = Pick<Criterium, 'criterium' | 'tekst' | 'afwijzing' | 'location' | 'herstel' | 'toets'>

/** The part that one row adds. Defaults: every sector and kind, from the start of the law, severity `afwijzen`. */
export type Rij = Pick<Criterium, 'grondslag'> & Partial<Omit<Criterium, 'criterium' | 'grondslag'>>

/** Makes one criterium of each row. */
export function criteriumrijen(kern: Kern, ...rijen: readonly Rij[]): Criterium[] {
  return rijen.map((rij) => ({
    ernst: 'afwijzen',
    sectoren,
    soorten: signaalsoorten,
    ingangsdatum: beginVroegsignalering,
    ...kern,
    ...rij
  }))
}

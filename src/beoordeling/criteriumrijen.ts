import { sectoren, signaalsoorten } from '../begrippen/vroegsignaal.ts'
import type { Criterium } from './criterium.ts'
import { beginVroegsignalering } from './grondslagen.ts'

/** What all rows of one slug share. */
export type Kern = Pick<Criterium, 'criterium' | 'tekst' | 'location' | 'herstel' | 'toets'>

/** What one row adds; left out: every sector and kind, since the law began, refusing. */
export type Rij = Pick<Criterium, 'grondslag'> & Partial<Omit<Criterium, 'criterium' | 'grondslag'>>

/** One criterium for each row of law. */
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

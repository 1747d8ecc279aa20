import type { Bevinding } from '../beoordeling/criterium.ts'
import type { SealedVroegsignaal } from './seal-vroegsignalen.ts'

/** What became of one signal. */
export type Ontvangst =
  | {
      readonly uitkomst: 'opgenomen'
      readonly id: string
      readonly gemeentecode: string
      /** What was written. */
      readonly sealed: SealedVroegsignaal
    }
  | { readonly uitkomst: 'ongewijzigd'; readonly id: string; readonly gemeentecode: string }
  | {
      readonly uitkomst: 'afgewezen'
      /** Empty when no municipality could be named. */
      readonly gemeentecode: string
      readonly bevindingen: readonly Bevinding[]
    }
  | { readonly uitkomst: 'referentie-bestaat' }
  /** The reference belongs to a signal whose day of destruction has come but that still waits for the sweeper. */
  | { readonly uitkomst: 'referentie-verloopt' }

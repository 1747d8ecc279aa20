import type { Sector } from '../begrippen/vroegsignaal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import type { SealedVroegsignaal } from './seal-vroegsignalen.ts'

/** The result of taking in one signal. */
export type Ontvangst =
  | {
      readonly uitkomst: 'opgenomen'
      readonly id: string
      readonly gemeentecode: string
      /** The signal as it was stored. */
      readonly sealed: SealedVroegsignaal
    }
  | { readonly uitkomst: 'ongewijzigd'; readonly id: string; readonly gemeentecode: string }
  | {
      readonly uitkomst: 'afgewezen'
      readonly signaalpartnerId: string
      /** Empty when no municipality could be named. */
      readonly gemeentecode: string
      readonly sector: Sector
      readonly bevindingen: readonly Bevinding[]
    }
  /** The reference belongs to the signal `staand`, with other content. */
  | { readonly uitkomst: 'referentie-bestaat'; readonly staand: string }
  /** The reference belongs to a signal that is due for destruction but not destroyed yet. */
  | { readonly uitkomst: 'referentie-verloopt' }

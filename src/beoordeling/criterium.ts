import type { AangeleverdSignaal, Sector, Signaalsoort } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'

/** Severity: a signal that does not meet the criterion is refused, or taken in with a warning. */
export const ernsten = ['afwijzen', 'waarschuwen'] as const
export type Ernst = (typeof ernsten)[number]

/** The possible outcomes of a criterion for one signal. */
export const uitkomsten = ['voldaan', 'waarschuwing', 'afwijzing', 'niet-van-toepassing'] as const
export type Uitkomst = (typeof uitkomsten)[number]

/** Everything a criterion may look at besides the signal itself; collected before the rules run. */
export type Omstandigheden = {
  /** Day of receipt in Europe/Amsterdam. */
  vandaag: IsoDate
  /** An agreement of partner, municipality and sector is in force on the signal date and today. */
  overeenkomstActief: boolean
  /** Municipalities in which the address register knows the postcode; empty when it does not know it. */
  gemeentecodesVanPostcode: readonly string[]
  /** Whether the address register holds the address; absent when it holds nothing on the postcode. */
  adresBekend?: boolean
  /** An objection by this person is registered in this municipality, against all partners or against this one. */
  bezwaarGeregistreerd: boolean
  /** The municipality's threshold for the sector, in euro cents. */
  drempelbedragInCenten?: number
  /** This partner sent a vroegsignaal about this customer before, also one that is withdrawn or over. */
  eerderVroegsignaal: boolean
  /** The newest signal of the same partner, sector and customer within six months that this one may repeat. */
  eerdereMelding?: { bedragInCenten: number }
}

/**
 * One legal rule for some sectors during some period: a row of law, not a branch.
 * `criterium` is public and never reused; rows that share it differ in sectors or period.
 */
export type Criterium = {
  readonly criterium: string
  readonly tekst: string
  readonly grondslag: string
  readonly ernst: Ernst
  readonly sectoren: readonly Sector[]
  readonly soorten: readonly Signaalsoort[]
  /** First signaaldatum for which the row holds. */
  readonly ingangsdatum: IsoDate
  /** Last signaaldatum for which the row holds. */
  readonly einddatum?: IsoDate
  /** What is wrong with a signal that does not meet the rule: a Dutch sentence without any value of the signal. */
  readonly afwijzing: string
  /** JSON Pointer of the field that a failure is about. */
  readonly location: string
  /** Advice to the partner about a failure, in Dutch, without any value of the signal. */
  readonly herstel: string
  /**
   * Whether the signal meets the rule; 'niet-van-toepassing' when there is nothing to check, and 'waarschuwing' for a
   * lesser breach of a rule that refuses.
   */
  readonly toets: (
    signaal: AangeleverdSignaal,
    omstandigheden: Omstandigheden
  ) => boolean | 'niet-van-toepassing' | 'waarschuwing'
}

/** The outcome of one criterion for one signal. */
export type Bevinding = { readonly criterium: Criterium; readonly uitkomst: Uitkomst }

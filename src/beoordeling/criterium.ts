import type { AangeleverdSignaal, Sector, Signaalsoort } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'

export const ernsten = ['afwijzen', 'waarschuwen'] as const
export type Ernst = (typeof ernsten)[number]

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
  /** An objection of this person is registered for this municipality or partner. */
  bezwaarGeregistreerd: boolean
  /** The municipality's threshold for the sector, in euro cents. */
  drempelbedragInCenten?: number
  /** This partner signalled this klantnummer before with a vroegsignaal. */
  eerderVroegsignaal: boolean
  /** The newest signal of the same partner, sector and customer within six months. */
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
  /** First day of signaaldatum on which the row counts. */
  readonly ingangsdatum: IsoDate
  /** Last day of signaaldatum on which the row counts. */
  readonly einddatum?: IsoDate
  /** JSON Pointer of the field that a failure is about. */
  readonly location: string
  /** What the partner can do about a failure, in Dutch, without any value of the signal. */
  readonly herstel: string
  /** 'niet-van-toepassing' where the rule has nothing to look at. */
  readonly toets: (
    signaal: AangeleverdSignaal,
    omstandigheden: Omstandigheden
  ) => boolean | 'niet-van-toepassing'
}

/** The outcome of one criterion for one signal. */
export type Bevinding = { readonly criterium: Criterium; readonly uitkomst: Uitkomst }

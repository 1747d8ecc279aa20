import type { AangeleverdSignaal, Sector, Signaalsoort } from '../begrippen/vroegsignaal.ts'
import { sectoren, signaalsoorten } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'
import { addDays } from '../time.ts'
import { criteria } from './criteria.ts'
import type { Bevinding, Criterium, Omstandigheden, Uitkomst } from './criterium.ts'

type Plan = {
  /** Per slug: the row to show, and whether it applies to the sector and kind. */
  readonly toetsen: readonly { readonly criterium: Criterium; readonly applies: boolean }[]
  /** The legal source by slug. */
  readonly grondslagen: ReadonlyMap<string, string>
}

type SignaalOfLaw = Pick<AangeleverdSignaal, 'sector' | 'soort' | 'signaaldatum'>

/** The rows of law in force for signals of this date, in the fixed order of criteria. */
export function criteriaOn(datum: IsoDate): Criterium[] {
  return criteria.filter((rij) => isInForce(rij, datum))
}

/** The rows of law of one criterium that are in force for a sector on a day. */
export function criteriumOn(criterium: string, sector: Sector, datum: IsoDate): Criterium[] {
  return criteriaOn(datum).filter((rij) => rij.criterium === criterium && rij.sectoren.includes(sector))
}

/** Weighs a signal by the law on its signaaldatum. Returns exactly one finding per criterium, in the fixed order. */
export function assessSignal(signaal: AangeleverdSignaal, omstandigheden: Omstandigheden): Bevinding[] {
  return planFor(signaal).toetsen.map(({ criterium, applies }) => ({
    criterium,
    uitkomst: applies ? outcomeOf(criterium, signaal, omstandigheden) : 'niet-van-toepassing'
  }))
}

function outcomeOf(
  criterium: Criterium,
  signaal: AangeleverdSignaal,
  omstandigheden: Omstandigheden
): Uitkomst {
  const result = criterium.toets(signaal, omstandigheden)
  if (typeof result === 'string') return result
  if (result) return 'voldaan'
  return criterium.ernst === 'afwijzen' ? 'afwijzing' : 'waarschuwing'
}

function isInForce({ ingangsdatum, einddatum }: Criterium, datum: IsoDate): boolean {
  return ingangsdatum <= datum && (einddatum === undefined || datum <= einddatum)
}

// A delivery weighs up to 250,000 signals, so what depends only on sector, kind and period is computed once.
const slugs = [...new Set(criteria.map(({ criterium }) => criterium))]
const periodStarts = [...new Set(criteria.flatMap(daysOfChange))].sort()
const plans = new Map(
  sectoren.flatMap((sector) =>
    signaalsoorten.map((soort) => [
      `${sector}/${soort}`,
      periodStarts.map((start) => makePlan(sector, soort, start))
    ])
  )
)

function daysOfChange({ ingangsdatum, einddatum }: Criterium): IsoDate[] {
  return einddatum === undefined ? [ingangsdatum] : [ingangsdatum, addDays(einddatum, 1)]
}

function makePlan(sector: Sector, soort: Signaalsoort, day: IsoDate): Plan {
  const toetsen = slugs.map((slug) => {
    const rows = criteria.filter(({ criterium }) => criterium === slug)
    const inForce = rows.filter((row) => isInForce(row, day))
    const ofSector = inForce.filter((row) => row.sectoren.includes(sector))
    const applying = ofSector.find((row) => row.soorten.includes(soort))
    const criterium = applying ?? ofSector[0] ?? inForce[0] ?? rows[0]!
    return { criterium, applies: applying !== undefined }
  })
  const grondslagen = new Map(toetsen.map(({ criterium }) => [criterium.criterium, criterium.grondslag]))
  return { toetsen, grondslagen }
}

function planFor({ sector, soort, signaaldatum }: SignaalOfLaw): Plan {
  const period = periodStarts.findLastIndex((start) => start <= signaaldatum)
  return plans.get(`${sector}/${soort}`)![Math.max(period, 0)]!
}

/** True when this finding refuses the signal. */
export function isRefusal({ uitkomst }: Bevinding): boolean {
  return uitkomst === 'afwijzing'
}

/** The legal source of each criterium for a signal of this sector, kind and day, by slug. */
export function grondslagenOf(signaal: SignaalOfLaw): ReadonlyMap<string, string> {
  return planFor(signaal).grondslagen
}

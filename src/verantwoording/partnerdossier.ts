import type { Sector } from '../begrippen/vroegsignaal.ts'
import { criteriumOn } from '../beoordeling/assess-signal.ts'
import { csvRow } from '../platform/http/csv-row.ts'
import { addDays, addMonths } from '../time.ts'
import type { Partnercijfer } from './partnercijfers-store.ts'

/** The counts that show how carefully a partner sends signals, over a period. */
export type Partnercijfers = {
  signaalpartner: { id: string; naam: string }
  aantalOpgenomen: number
  afwijzingen: { criterium: string; aantal: number }[]
  waarschuwingen: { criterium: string; aantal: number }[]
  intrekkingen: { reden: string; aantal: number }[]
  betwistingen: { reden: string; aantal: number; aantalIngetrokken: number; aantalGehandhaafd: number }[]
}

/** One line of the dossier about a partner. */
export type Dossierregel = {
  gemeentecode: string
  maand: string
  onderdeel: Partnercijfer['gebeurtenis'] | 'te-late-aanlevering'
  sector?: Sector
  kenmerk: string
  uitleg?: string
  grondslag?: string
  aantal: number
}

// Criteria on the moment of delivery: a signal that fails one of these came too late.
const late: readonly string[] = ['signaaldatum-actueel', 'aankondigingstermijn']

const columns = [
  'signaalpartner',
  'gemeentecode',
  'maand',
  'onderdeel',
  'sector',
  'kenmerk',
  'uitleg',
  'grondslag',
  'aantal'
]

/** Adds a partner's counts up over months and municipalities. */
export function summarisePartner(
  signaalpartner: { id: string; naam: string },
  counts: readonly Partnercijfer[]
): Partnercijfers {
  const sums = (gebeurtenis: Partnercijfer['gebeurtenis']) => {
    const perKind = Map.groupBy(
      counts.filter((count) => count.gebeurtenis === gebeurtenis),
      ({ kenmerk }) => kenmerk
    )
    return new Map(
      [...perKind].sort().map(([kind, some]) => [kind, some.reduce((sum, { aantal }) => sum + aantal, 0)])
    )
  }
  const perCriterium = (found: Map<string, number>) =>
    [...found].map(([criterium, aantal]) => ({ criterium, aantal }))
  const withdrawn = sums('betwisting-ingetrokken')
  const upheld = sums('betwisting-gehandhaafd')
  return {
    signaalpartner,
    aantalOpgenomen: [...sums('opgenomen').values()].reduce((sum, aantal) => sum + aantal, 0),
    afwijzingen: perCriterium(sums('afwijzing')),
    waarschuwingen: perCriterium(sums('waarschuwing')),
    intrekkingen: [...sums('intrekking')].map(([reden, aantal]) => ({ reden, aantal })),
    betwistingen: [...sums('betwisting')].map(([reden, aantal]) => ({
      reden,
      aantal,
      aantalIngetrokken: withdrawn.get(reden) ?? 0,
      aantalGehandhaafd: upheld.get(reden) ?? 0
    }))
  }
}

/** The lines of a dossier, each with the text and the legal source of its criterion in its sector and month. */
export function toDossier(counts: readonly Partnercijfer[]): Dossierregel[] {
  return counts.map(({ gemeentecode, maand, gebeurtenis, sector, kenmerk, aantal }) => ({
    gemeentecode,
    maand,
    onderdeel: late.includes(kenmerk) ? 'te-late-aanlevering' : gebeurtenis,
    ...(sector !== '' && { sector }),
    kenmerk,
    ...(sector !== '' && lawOf(kenmerk, sector, maand)),
    aantal
  }))
}

// The rule may differ by kind of signal, which is not counted; then every text and source is named.
function lawOf(criterium: string, sector: Sector, maand: string): Pick<Dossierregel, 'uitleg' | 'grondslag'> {
  const rows = criteriumOn(criterium, sector, addDays(addMonths(`${maand}-01`, 1), -1))
  if (rows.length === 0) return {}
  const texts = new Set(rows.map(({ tekst }) => tekst))
  const sources = new Set(rows.map(({ grondslag }) => grondslag))
  return { uitleg: [...texts].join(' '), grondslag: [...sources].join('; ') }
}

/** A dossier as CSV for a spreadsheet: a byte order mark, a header, and the partner's name on each line. */
export function toCsv(naam: string, regels: readonly Dossierregel[]): string {
  const rows = regels.map((regel) =>
    csvRow([
      naam,
      regel.gemeentecode,
      regel.maand,
      regel.onderdeel,
      regel.sector ?? '',
      regel.kenmerk,
      regel.uitleg ?? '',
      regel.grondslag ?? '',
      String(regel.aantal)
    ])
  )
  return `\uFEFF${csvRow(columns)}${rows.join('')}`
}

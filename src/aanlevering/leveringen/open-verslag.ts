import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { Regel } from './read-aanlevering.ts'
import { type Regelontvangst, type Regelverslag, reportLine } from './report-line.ts'

/** What the report of a delivery counts. */
export type Verslagtelling = {
  readonly aantalRegels: number
  readonly aantalOpgenomen: number
  readonly aantalAfgewezen: number
  readonly aantalOngewijzigd: number
  /** Why lines were rejected, most often first. */
  readonly redenen: { code: string; aantal: number }[]
}

/** The report of a delivery in progress. */
export type Verslag = {
  /** Reports lines in order, given what became of the signals among them, and counts them. */
  add(lines: readonly Regel[], received: readonly Regelontvangst[]): Regelverslag[]
  counts(): Verslagtelling
}

/** Opens the report of a delivery. */
export function openVerslag(): Verslag {
  const counts: Record<Regeluitkomst, number> = { opgenomen: 0, afgewezen: 0, ongewijzigd: 0 }
  const reasons = new Map<string, number>()
  const count = ({ uitkomst, errors }: Regelverslag) => {
    counts[uitkomst] += 1
    for (const { code } of errors) reasons.set(code, (reasons.get(code) ?? 0) + 1)
  }
  return {
    add: (lines, received) => {
      let next = 0
      const reports = lines.map((line) => reportLine(line, 'signaal' in line ? received[next++] : undefined))
      reports.forEach(count)
      return reports
    },
    counts: () => ({
      aantalRegels: counts.opgenomen + counts.afgewezen + counts.ongewijzigd,
      aantalOpgenomen: counts.opgenomen,
      aantalAfgewezen: counts.afgewezen,
      aantalOngewijzigd: counts.ongewijzigd,
      redenen: [...reasons].map(([code, aantal]) => ({ code, aantal })).sort((a, b) => b.aantal - a.aantal)
    })
  }
}

import { type Sector, sectoren } from '../begrippen/vroegsignaal.ts'
import { csvRow } from '../platform/http/csv-row.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { type Monitorcijfer, monitormaten } from '../sporen/monitor-store.ts'
import type { Afwijzingcijfer } from './partnercijfers-store.ts'
import { type Cel, celOf, protect, protectParts, type Staat } from './small-cells.ts'

/** What is published of one month and sector, or of all sectors together; null = fewer than five, or kept back. */
export type Monitorregel = {
  maand: string
  sector?: Sector
  signalen: Aantal
  afwijzingen: { criterium: string; aantal: Aantal }[]
  huishoudens: { totaal: Aantal; enkelvoudig: Aantal; meervoudig: Aantal; opeenvolgend: Aantal }
  opgepakt: Aantal
  bereikt: Aantal
  hulpAanvaard: Aantal
}
type Aantal = number | null

const ofCriterium = 'afwijzing:'

/**
 * The figures of these municipalities together, per month and sector, with the small ones kept back. What is given of one
 * municipality does not depend on which others are asked for with it.
 */
export async function publishMonitorcijfers(
  cijfers: readonly Monitorcijfer[],
  afwijzingen: readonly Afwijzingcijfer[]
): Promise<Monitorregel[]> {
  const months = [...Map.groupBy([...cijfers, ...afwijzingen], ({ maand }) => maand)].sort(byName)
  const regels: Monitorregel[] = []
  for (const [maand, ofMonth] of months) regels.push(...regelsOf(maand, await staatOf(ofMonth)))
  return regels
}

/** The same as CSV for a spreadsheet: one count per line, empty where it is kept back. */
export function toCsv(regels: readonly Monitorregel[]): string {
  const rows = regels.flatMap((regel) =>
    countsOf(regel).map(([maat, kenmerk, aantal]) =>
      csvRow([regel.maand, regel.sector ?? '', maat, kenmerk, aantal === null ? '' : String(aantal)])
    )
  )
  return `\uFEFF${csvRow(['maand', 'sector', 'maat', 'kenmerk', 'aantal'])}${rows.join('')}`
}

function countsOf(regel: Monitorregel): [string, string, Aantal][] {
  const { totaal, ...soorten } = regel.huishoudens
  return [
    ['signalen', '', regel.signalen],
    ...regel.afwijzingen.map(({ criterium, aantal }): [string, string, Aantal] => [
      'afgewezen',
      criterium,
      aantal
    ]),
    ['huishoudens', '', totaal],
    ...Object.entries(soorten).map(([soort, aantal]): [string, string, Aantal] => [
      'huishoudens',
      soort,
      aantal
    ]),
    ['opgepakt', '', regel.opgepakt],
    ['bereikt', '', regel.bereikt],
    ['hulpAanvaard', '', regel.hulpAanvaard]
  ]
}

type Rij = Monitorcijfer | Afwijzingcijfer
/** A count of a sector ('' = all sectors together). */
type Telling = readonly [sector: string, maat: string, aantal: number]

async function staatOf(rijen: readonly Rij[]): Promise<Staat> {
  const perGemeente = [...Map.groupBy(rijen, ({ gemeentecode }) => gemeentecode).values()]
  const staten = await mapInTurns(perGemeente, (ofOne) => {
    const staat = addUp(ofOne.flatMap(toTellingen))
    protect(staat)
    return staat
  })
  if (staten.length === 1) return staten[0]!
  const whole = addUp(staten.flatMap(tellingenIn))
  protectParts(whole, staten)
  protect(whole)
  return whole
}

function toTellingen(rij: Rij): Telling[] {
  if (!('criterium' in rij)) return monitormaten.map((maat) => [rij.sector, maat, rij[maat]])
  const maat = `${ofCriterium}${rij.criterium}`
  return ['', rij.sector].map((sector) => [sector, maat, rij.aantal])
}

function tellingenIn(staat: Staat): Telling[] {
  return [...staat].flatMap(([sector, rij]) =>
    [...rij].map(([maat, { aantal }]): Telling => [sector, maat, aantal])
  )
}

function addUp(tellingen: readonly Telling[]): Staat {
  const sums = new Map<string, Map<string, number>>()
  for (const [sector, maat, aantal] of tellingen) {
    const rij = sums.get(sector) ?? new Map<string, number>()
    sums.set(sector, rij.set(maat, (rij.get(maat) ?? 0) + aantal))
  }
  const cellsOf = (rij: Map<string, number>) =>
    new Map([...rij].map(([maat, aantal]): [string, Cel] => [maat, celOf(aantal)]))
  return new Map([...sums].map(([sector, rij]) => [sector, cellsOf(rij)]))
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

function regelsOf(maand: string, staat: Staat): Monitorregel[] {
  return ['' as const, ...sectoren].flatMap((sector) => {
    const rij = staat.get(sector)
    if (rij === undefined) return []
    const shown = (maat: string) => shownOf(rij.get(maat))
    const criteria = [...rij.keys()].filter((maat) => maat.startsWith(ofCriterium)).sort()
    return [
      {
        maand,
        ...(sector !== '' && { sector }),
        signalen: shown('signalen'),
        afwijzingen: criteria.map((maat) => ({
          criterium: maat.slice(ofCriterium.length),
          aantal: shown(maat)
        })),
        huishoudens: {
          totaal: shown('huishoudens'),
          enkelvoudig: shown('enkelvoudig'),
          meervoudig: shown('meervoudig'),
          opeenvolgend: shown('opeenvolgend')
        },
        opgepakt: shown('opgepakt'),
        bereikt: shown('bereikt'),
        hulpAanvaard: shown('hulpAanvaard')
      }
    ]
  })
}

function shownOf(cel: Cel | undefined): Aantal {
  return cel === undefined || cel.verborgen ? null : cel.aantal
}

import { expect } from './expect.ts'
import { fetchOpen, must } from './open-party.ts'
import { signaalpartners } from './participants.ts'
import type { Afloop } from './post-month.ts'
import { printTable, wrap } from './print-table.ts'

/** Prints the number of signals taken in and refused, per partner. */
export function showIntake(aflopen: readonly Afloop[]): void {
  const perPartner = Map.groupBy(aflopen, ({ partner }) => partner)
  const rows = signaalpartners.map(({ code, naam, sectoren }) => {
    const own = perPartner.get(code) ?? []
    const taken = own.filter(({ id }) => id !== undefined).length
    return [naam, sectoren.join(', '), own.length, taken, own.length - taken]
  })
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0)
  const totals = ['Totaal', '', sum(2), sum(3), sum(4)]
  printTable(['Signaalpartner', 'Sectoren', 'Aangeleverd', 'Opgenomen', 'Geweigerd'], [...rows, totals])
}

/** Prints per criterium how many signals it refused, and the law behind it. */
export async function showRefusals(url: string, datum: string, aflopen: readonly Afloop[]): Promise<void> {
  const redenen = aflopen.flatMap((afloop) => afloop.redenen)
  const perCriterium = Map.groupBy(redenen, ({ criterium }) => criterium)
  const rows = [...perCriterium].flatMap(([criterium, own]) => lawRows(criterium, own))
  printTable(['Criterium', 'Geweigerd', 'Grondslag'], rows)
  const { resultaten } = await must(200, fetchOpen(`${url}/v1/criteria?datum=${datum}`))
  const refusing: { criterium: string }[] = resultaten.filter(
    ({ ernst }: { ernst: string }) => ernst === 'afwijzen'
  )
  const slugs = new Set(refusing.map(({ criterium }) => criterium))
  const silent = [...slugs].filter((slug) => !perCriterium.has(slug))
  expect(
    silent.length === 0,
    `alle ${slugs.size} criteria die op ${datum} kunnen weigeren, hebben dat gedaan`,
    `niet: ${silent.join(', ')}`
  )
  const bare = redenen.filter(({ grondslag }) => !grondslag)
  expect(bare.length === 0, 'bij elke weigering staat de grondslag')
}

const lawWidth = 66

/** The law differs by sector, so one criterium may cite several laws. Long ones continue on the next row. */
function lawRows(criterium: string, redenen: Afloop['redenen']): (string | number)[][] {
  const perLaw = [...Map.groupBy(redenen, ({ grondslag }) => grondslag)]
  return perLaw.flatMap(([grondslag, { length }], law) =>
    wrap(grondslag, lawWidth).map((line, part) => [
      law + part === 0 ? criterium : '',
      part === 0 ? length : '',
      line
    ])
  )
}

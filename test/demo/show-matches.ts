import { monitor, type Sectorgroep } from './distribution.ts'
import { expect } from './expect.ts'
import { gemeenten, signaalpartners } from './participants.ts'
import type { Afloop } from './post-month.ts'
import { percent, printTable } from './print-table.ts'
import type { Huishouden } from './pull-households.ts'

const kinds = ['enkelvoudig', 'meervoudig', 'opeenvolgend'] as const
const slack = 2

/** Prints households of the month by match kind, next to the monitor's shares. */
export function showMatches(all: readonly Huishouden[], maand: string): void {
  const ofMonth = all.filter(({ laatsteSignaalOp }) => laatsteSignaalOp.startsWith(maand))
  const rows = gemeenten.map(({ gemeentecode, naam }) =>
    matchRow(
      naam,
      ofMonth.filter((one) => one.gemeentecode === gemeentecode)
    )
  )
  const published = ['Landelijke monitor', '', ...kinds.map((kind) => `${monitor.matches[kind]}%`), '', '']
  printTable(
    ['Gemeente', 'Huishoudens', 'Enkelvoudig', 'Meervoudig', 'Opeenvolgend', 'Crisis', 'Jongere'],
    [...rows, matchRow('Totaal', ofMonth), published]
  )
  for (const kind of kinds) {
    const share = (100 * countOf(ofMonth, kind)) / ofMonth.length
    expectNear(`${kind} van de huishoudens van de maand`, share, monitor.matches[kind])
  }
}

function matchRow(naam: string, huishoudens: readonly Huishouden[]): (string | number)[] {
  const { length } = huishoudens
  const shares = kinds.map((kind) => {
    const count = countOf(huishoudens, kind)
    return `${count} (${percent(count, length)})`
  })
  const flagged = (flag: 'crisis' | 'jongere') => huishoudens.filter((one) => one[flag]).length
  return [naam, length, ...shares, flagged('crisis'), flagged('jongere')]
}

function countOf(huishoudens: readonly Huishouden[], kind: (typeof kinds)[number]): number {
  return huishoudens.filter(({ matchsoorten }) => matchsoorten.includes(kind)).length
}

/** Prints the month's signals by sector, next to the monitor's shares. */
export function showSectors(opgenomen: readonly Afloop[], maand: string): void {
  const ofMonth = opgenomen.filter(({ signaal }) => signaal.signaaldatum.startsWith(maand))
  const groepOf = new Map(signaalpartners.map(({ code, groep }) => [code, groep]))
  const perGroep = Map.groupBy(ofMonth, ({ partner }) => groepOf.get(partner)!)
  const groepen = Object.entries(monitor.sectoren) as [Sectorgroep, number][]
  const rows = groepen.map(([groep, share]) => {
    const own = perGroep.get(groep) ?? []
    const crisis = own.filter(({ signaal }) => signaal.soort !== 'vroegsignaal').length
    return [groep, own.length, percent(own.length, ofMonth.length), `${share}%`, crisis]
  })
  printTable(['Sector', 'Signalen', 'Aandeel', 'Monitor', 'Waarvan crisis'], rows)
  for (const [groep, share] of groepen) {
    const { length } = perGroep.get(groep) ?? []
    expectNear(`${groep} van de signalen`, (100 * length) / ofMonth.length, share)
  }
  const crisis = ofMonth.filter(({ signaal }) => signaal.soort !== 'vroegsignaal').length
  expectNear('crisis van de signalen', (100 * crisis) / ofMonth.length, monitor.crisis)
}

function expectNear(what: string, share: number, published: number): void {
  expect(
    Math.abs(share - published) <= slack,
    `${what}: ${Math.round(share)}%, monitor ${published}% (± ${slack})`
  )
}

import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import type { Sectorgroep } from './distribution.ts'

/** A municipality of the demo. `cijfers` are the digits of its invented postcodes. */
export type DemoGemeente = {
  readonly gemeentecode: string
  readonly naam: string
  readonly inwoners: number
  readonly woonplaats: string
  readonly cijfers: string
}

/** The four municipalities. Their names are real; everything in them is invented. */
export const gemeenten: readonly DemoGemeente[] = [
  { gemeentecode: '0177', naam: 'Raalte', inwoners: 39_000, woonplaats: 'Raalte', cijfers: '8101' },
  {
    gemeentecode: '1911',
    naam: 'Hollands Kroon',
    inwoners: 50_000,
    woonplaats: 'Anna Paulowna',
    cijfers: '1761'
  },
  { gemeentecode: '1859', naam: 'Berkelland', inwoners: 44_000, woonplaats: 'Borculo', cijfers: '7271' },
  {
    gemeentecode: '0637',
    naam: 'Zoetermeer',
    inwoners: 127_000,
    woonplaats: 'Zoetermeer',
    cijfers: '2711'
  }
]

// Letters that Dutch postcodes do not use, so no address of the demo can exist.
const letters = [...'FIOQUY']

/** The postcodes of a municipality in the demo. None of them exists. */
export function postcodesOf({ cijfers }: DemoGemeente): string[] {
  return letters.flatMap((first) => letters.map((second) => `${cijfers}${first}${second}`))
}

/** An invented partner. Its references start with `code`. */
export type DemoPartner = {
  readonly code: string
  readonly naam: string
  readonly groep: Sectorgroep
  readonly sectoren: readonly Sector[]
  readonly gemeentecodes: readonly string[]
}

const overal = gemeenten.map(({ gemeentecode }) => gemeentecode)

/** Nine partners in the six sectors. */
export const signaalpartners: readonly DemoPartner[] = [
  {
    code: 'DVP',
    naam: 'Zorgverzekeraar De Verzonnen Polis',
    groep: 'zorg',
    sectoren: ['zorgverzekering'],
    gemeentecodes: overal
  },
  {
    code: 'OFZ',
    naam: 'Onderlinge Fabelzorg',
    groep: 'zorg',
    sectoren: ['zorgverzekering'],
    gemeentecodes: overal
  },
  {
    code: 'FAE',
    naam: 'Fabel Energie',
    groep: 'energie',
    sectoren: ['elektriciteit', 'gas'],
    gemeentecodes: overal
  },
  {
    code: 'NSG',
    naam: 'Nergens Stroom en Gas',
    groep: 'energie',
    sectoren: ['elektriciteit', 'gas'],
    gemeentecodes: overal
  },
  {
    code: 'WND',
    naam: 'Warmtenet Denkbeeld',
    groep: 'energie',
    sectoren: ['warmte'],
    gemeentecodes: ['0637']
  },
  {
    code: 'DLB',
    naam: 'Drinkwaterbedrijf Luchtbron',
    groep: 'water',
    sectoren: ['drinkwater'],
    gemeentecodes: overal
  },
  {
    code: 'WLK',
    naam: 'Woonstichting Luchtkasteel',
    groep: 'huur',
    sectoren: ['huur'],
    gemeentecodes: ['0177', '1859']
  },
  {
    code: 'WPD',
    naam: 'Woonstichting Papierdijk',
    groep: 'huur',
    sectoren: ['huur'],
    gemeentecodes: ['1911']
  },
  {
    code: 'WZK',
    naam: 'Woningcorporatie Zandkasteel',
    groep: 'huur',
    sectoren: ['huur'],
    gemeentecodes: ['0637']
  }
]

/** The one threshold in the demo. The municipality refuses a signal below it. */
export const drempel = { gemeentecode: '0637', sector: 'drinkwater', bedragInCenten: 3_000 } as const

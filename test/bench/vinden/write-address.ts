import type { Adres } from '../../../src/begrippen/vroegsignaal.ts'
import type { Chance } from '../../demo/seeded-chance.ts'
import type { Home } from './generate-homes.ts'
import type { Aanduiding } from './home-kinds.ts'

/** An address as a partner sends it. */
export type WrittenAddress = {
  readonly adres: Adres
  /** What the home is called was left out: no comparison can tell this home from others on its number. */
  readonly isIncomplete: boolean
}

export type WriteAddress = (home: Home, chance: Chance) => WrittenAddress

/** A housing corporation, which keeps the BAG's own fields and id. */
export const asBag: WriteAddress = (home) =>
  written(home, home.postcode, {
    ...aanduidingOf(home),
    ...(home.nummeraanduiding && { nummeraanduidingIdentificatie: home.nummeraanduiding })
  })

/** An energy supplier with one field for everything behind the number. */
export const asOneAddition: WriteAddress = (home) =>
  written(home, spaced(home.postcode), addition(joined(home, '')))

/** A water company in upper case, with hyphens: `-2`, `A-2`. */
export const asHyphened: WriteAddress = (home) => {
  const { huisletter, huisnummertoevoeging } = home
  const text = huisletter && !huisnummertoevoeging ? huisletter : joined(home, '-')
  return written(home, home.postcode.replace(/^\d+/, '$&-'), addition(text))
}

/** A health insurer with the fields of the BRP, in lower case. */
export const asBrp: WriteAddress = (home) => {
  const { huisletter, huisnummertoevoeging = '' } = home
  return written(home, home.postcode.toLowerCase(), {
    ...(huisletter && { huisletter: huisletter.toLowerCase() }),
    ...addition(huisnummertoevoeging.toLowerCase())
  })
}

/** A supplier of gas whose staff type floors and colours in any of the usual ways. */
export const asSpoken: WriteAddress = (home, chance) =>
  written(home, spaced(home.postcode).toLowerCase(), spoken(home, chance))

/** Percent of the homes with a letter or addition whose export has neither. */
const dropped = 0.5

/** A housing corporation whose export pads additions to four digits, and at times drops letter and addition. */
export const asExport: WriteAddress = (home, chance) => {
  const { huisletter, huisnummertoevoeging = '' } = home
  const isIncomplete = (huisletter ?? huisnummertoevoeging) !== '' && chance.isHit(dropped)
  if (isIncomplete) return { ...written(home, home.postcode, {}), isIncomplete }
  const padded = /^\d+$/.test(huisnummertoevoeging)
    ? huisnummertoevoeging.padStart(4, '0')
    : huisnummertoevoeging
  return written(home, home.postcode, { ...(huisletter && { huisletter }), ...addition(padded) })
}

function written(home: Home, postcode: string, rest: Partial<Adres>): WrittenAddress {
  const { huisnummer, woonplaats } = home
  return { adres: { huisnummer, ...rest, postcode, woonplaats }, isIncomplete: false }
}

function aanduidingOf({ huisletter, huisnummertoevoeging }: Aanduiding): Aanduiding {
  return { ...(huisletter && { huisletter }), ...(huisnummertoevoeging && { huisnummertoevoeging }) }
}

function joined({ huisletter = '', huisnummertoevoeging = '' }: Aanduiding, hyphen: string): string {
  return huisnummertoevoeging === '' ? huisletter : huisletter + hyphen + huisnummertoevoeging
}

function addition(text: string): Aanduiding {
  return text === '' ? {} : { huisnummertoevoeging: text }
}

function spaced(postcode: string): string {
  return `${postcode.slice(0, 4)} ${postcode.slice(4)}`
}

const floors = ['I', 'II', 'III', 'IV']

/** Percent of the homes with the number alone, beside homes with a letter, that staff call the house. */
const calledHouse = 5

function spoken({ soort, ...home }: Home, chance: Chance): Aanduiding {
  const { huisletter, huisnummertoevoeging = '' } = home
  const isBesideLetters = soort === 'letter' && huisletter === undefined
  if (isBesideLetters && chance.isHit(calledHouse)) return addition(chance.pick(['huis', 'hs']))
  const ways = soort.startsWith('verdieping')
    ? floorWays(huisnummertoevoeging)
    : otherWays[huisnummertoevoeging]
  return ways ? addition(chance.pick(ways)) : aanduidingOf(home)
}

const otherWays: Readonly<Record<string, readonly string[]>> = {
  BIS: ['bis', 'bs', 'Bis'],
  BISA: ['bis A', 'bisA', 'bs-a'],
  BISB: ['bis B', 'bisB', 'bs-b'],
  ZW: ['zwart', 'zw'],
  RD: ['rood', 'rd']
}

function floorWays(official: string): readonly string[] {
  if (/^HS?$/.test(official)) return ['huis', 'hs', 'h']
  const floor = floors.indexOf(official) + 1 || Number(official)
  if (floor > 0) return [`${floor}-hoog`, `${floor} hoog`, `${floor}hg`, String(floor), floors[floor - 1]!]
  const [digit = '', side = ''] = official
  return [
    `${digit}hg-${side}`,
    `${digit}hg${side}`,
    `${digit}-${side}`,
    `${floors[Number(digit) - 1]}-${side}`
  ]
}

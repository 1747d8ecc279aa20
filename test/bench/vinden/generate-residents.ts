import type { Betrokkene } from '../../../src/begrippen/vroegsignaal.ts'
import { type Chance, seededChance } from '../../demo/seeded-chance.ts'
import { initials, nameKinds, type Surname } from './name-kinds.ts'

/** A resident as the BRP knows them. */
export type Resident = {
  readonly soort: string
  /** With dots: `J.P.` */
  readonly voorletters: string
  readonly aanhef: 'Dhr.' | 'Mw.'
  readonly eigen: Surname
  /** The name of the husband or wife, in front of the own one: `de Vries-Jansen`. */
  readonly gehuwd?: Surname
  readonly geboortedatum: NonNullable<Betrokkene['geboortedatum']>
  readonly burgerservicenummer: string
}

// Percent of the homes: alone, or with others who are kin, married, or strangers to each other.
const households = { alleen: 40, gezin: 22, gehuwd: 23, huisgenoten: 15 }
type Household = keyof typeof households

const nameOf = new Map(nameKinds.map((kind) => [kind.soort, kind]))
const nameShares = Object.fromEntries(nameKinds.map(({ soort, share }) => [soort, share]))

/** Invents the one to three residents of each of `homes` homes, in their order. */
export function generateResidents(seed: number, homes: number): Resident[][] {
  const chance = seededChance(seed)
  let made = 0
  const kinds = chance.deal(homes * 3, nameShares)
  const invent = (): Resident => inventResident(chance, kinds[made % kinds.length]!, made++)
  return chance.deal<Household>(homes, households).map((household) => together(chance, household, invent))
}

function together(chance: Chance, household: Household, invent: () => Resident): Resident[] {
  const first = invent()
  if (household === 'alleen') return [first]
  const others = Array.from({ length: chance.int(1, 2) }, invent)
  if (household === 'huisgenoten') return [first, ...others]
  if (household === 'gezin')
    return [first, ...others.map((one) => ({ ...one, eigen: first.eigen, soort: first.soort }))]
  const [wife, ...children] = others
  return [
    first,
    { ...wife!, soort: 'dubbele naam', gehuwd: first.eigen },
    ...children.map((one) => ({ ...one, eigen: first.eigen, soort: first.soort }))
  ]
}

function inventResident(chance: Chance, soort: string, number: number): Resident {
  const letters = [chance.pick(initials), ...(chance.isHit(50) ? [chance.pick(initials)] : [])]
  return {
    soort,
    voorletters: letters.map((letter) => `${letter}.`).join(''),
    aanhef: chance.pick(['Dhr.', 'Mw.']),
    eigen: chance.pick(nameOf.get(soort)!.names),
    geboortedatum: `${chance.int(1940, 2006)}-${two(chance.int(1, 12))}-${two(chance.int(1, 28))}`,
    burgerservicenummer: testBsn(number)
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

const weights = [9, 8, 7, 6, 5, 4, 3, 2]
// Numbers that pass the 11-test and start with 9999; they repeat, but not on one address.
const testBsns = Array.from({ length: 9_990 }, (_, number) => String(99_990_001 + number))
  .map((eight) => ({
    eight,
    check: weights.reduce((sum, weight, at) => sum + weight * Number(eight[at]), 0) % 11
  }))
  .filter(({ check }) => check < 10)
  .map(({ eight, check }) => `${eight}${check}`)

function testBsn(number: number): string {
  return testBsns[number % testBsns.length]!
}

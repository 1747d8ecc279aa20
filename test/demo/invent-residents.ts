import type { Adres, Betrokkene } from '../../src/begrippen/vroegsignaal.ts'
import { gemeenten, postcodesOf } from './participants.ts'
import type { Chance } from './seeded-chance.ts'

/** A home, and a resident with the BSN that only a health insurer sends. */
export type Woning = { readonly gemeentecode: string; readonly adres: Adres }
export type Inwoner = { readonly betrokkene: Betrokkene; readonly burgerservicenummer: string }

/** Makes homes and residents that cannot exist. No two homes are the same. */
export type Bevolking = {
  woning(gemeentecode: string): Woning
  inwoner(): Inwoner
}

const straten = [
  'Denkbeeldlaan',
  'Fabelhof',
  'Nergensweg',
  'Sprookjesdreef',
  'Verzinselpad',
  'Droomplantsoen'
]
const beginnen = [
  ...['Nevel', 'Kiezel', 'Distel', 'Wolken', 'Kwartel', 'Mosterd', 'Bever', 'Fluister', 'Glimlach', 'Hagel'],
  ...[
    'Jasmijn',
    'Lampion',
    'Noten',
    'Oker',
    'Pepermunt',
    'Ravijn',
    'Saffraan',
    'Tulband',
    'Vlinder',
    'Zwaluw'
  ]
]
const eindes = [
  ...['knoop', 'drempel', 'slinger', 'kwast', 'trommel', 'ladder', 'schommel', 'zolder', 'kompas', 'lepel'],
  ...['tobbe', 'vlieger', 'waaier', 'anker', 'pijler', 'spiegel', 'gordijn', 'fluit', 'karaf', 'molensteen']
]
const voorvoegsels = ['van', 'de', 'van der', 'ter']

/** Opens a population whose residents are all of age on `day`. */
export function inventResidents(chance: Chance, day: string): Bevolking {
  let residents = 0
  const homes = new Map(gemeenten.map(({ gemeentecode }) => [gemeentecode, 0]))
  return {
    woning: (gemeentecode) => {
      const number = homes.get(gemeentecode)!
      homes.set(gemeentecode, number + 1)
      return inventHome(gemeentecode, number)
    },
    inwoner: () => inventResident(chance, day, residents++)
  }
}

/** A number of homes of a municipality, the same as a population has. */
export function inventHomes(gemeentecode: string, count: number): Woning[] {
  return Array.from({ length: count }, (_, number) => inventHome(gemeentecode, number))
}

function inventHome(gemeentecode: string, number: number): Woning {
  const gemeente = gemeenten.find((one) => one.gemeentecode === gemeentecode)!
  const postcodes = postcodesOf(gemeente)
  const row = number % postcodes.length
  const adres = {
    straat: straten[row % straten.length]!,
    huisnummer: 1 + Math.floor(number / postcodes.length),
    ...(number % 7 === 0 && { huisletter: 'B' }),
    ...(number % 11 === 0 && { huisnummertoevoeging: '2' }),
    postcode: postcodes[row]!,
    woonplaats: gemeente.woonplaats
  }
  return { gemeentecode, adres }
}

function inventResident(chance: Chance, day: string, number: number): Inwoner {
  const geslachtsnaam = chance.pick(beginnen) + chance.pick(eindes)
  const letter = chance.pick([...'ABCDEFGHJKLMNPRSTVW'])
  const birth = `${Number(day.slice(0, 4)) - chance.int(19, 84)}-${chance.pick(['02-03', '05-17', '09-28', '12-30'])}`
  const betrokkene = {
    soort: 'natuurlijk-persoon' as const,
    naam: {
      voorletters: `${letter}.`,
      ...(chance.isHit(25) && { voorvoegsel: chance.pick(voorvoegsels) }),
      geslachtsnaam
    },
    ...(chance.isHit(90) && { geboortedatum: birth }),
    // No mobile number starts with 00, and nobody owns .example.
    telefoonnummer: `+31600${String(number).padStart(6, '0')}`,
    emailadres: `${letter}.${geslachtsnaam}${number}@voorbeeld.example`.toLowerCase()
  }
  return { betrokkene, burgerservicenummer: testBsns[number % testBsns.length]! }
}

const weights = [9, 8, 7, 6, 5, 4, 3, 2]

// Test numbers: nine digits that start with 9999 and pass the 11-test. There are about nine thousand; then they repeat.
const testBsns = Array.from({ length: 10_000 }, (_, number) => 99_990_000 + number)
  .map((eight) => ({ eight, check: checkDigit(String(eight)) }))
  .filter(({ check }) => check < 10)
  .map(({ eight, check }) => `${eight}${check}`)

function checkDigit(eight: string): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(eight[place]), 0) % 11
}

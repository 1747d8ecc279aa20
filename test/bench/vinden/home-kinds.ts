import type { Chance } from '../../demo/seeded-chance.ts'

/** What the BAG writes behind a house number. */
export type Aanduiding = { readonly huisletter?: string; readonly huisnummertoevoeging?: string }

/** A kind of home, and the homes of that kind that stand on one number. */
export type HomeKind = {
  readonly soort: string
  /** Percent of all homes: an estimate, rounded, not a count from the BAG. */
  readonly share: number
  readonly because: string
  /** Only an address in the BAG is in the register. */
  readonly isInBag?: false
  onNumber(chance: Chance): readonly Aanduiding[]
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVW']
const roman = ['I', 'II', 'III', 'IV']
const addition = (huisnummertoevoeging: string): Aanduiding => ({ huisnummertoevoeging })
const letter = (huisletter: string): Aanduiding => ({ huisletter })
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const plain: Aanduiding = {}

/** Every kind of home, the most common first; the shares add up to a hundred. */
export const homeKinds: readonly HomeKind[] = [
  {
    soort: 'nummer alleen',
    share: 76.3,
    because: 'terraced and detached houses, and flats that have a number each',
    onNumber: () => [plain]
  },
  {
    soort: 'letter',
    share: 8,
    because: 'houses that were split or built in between, half of them beside a home with the number alone',
    onNumber: (chance) => [
      ...(chance.isHit(50) ? [plain] : []),
      ...letters.slice(0, chance.int(1, chance.isHit(10) ? 20 : 4)).map(letter)
    ]
  },
  {
    soort: 'cijfers',
    share: 6,
    because: 'flats and homes above shops whose number has a running addition',
    onNumber: (chance) => upTo(chance.int(2, 24)).map((one) => addition(String(one)))
  },
  {
    soort: 'verdieping in cijfers',
    share: 2,
    because: 'about half of the homes of Amsterdam, which has six percent of all homes',
    onNumber: (chance) => [
      addition(chance.pick(['HS', 'H'])),
      ...upTo(chance.int(2, 4)).map((floor) => addition(String(floor)))
    ]
  },
  {
    soort: 'letter en cijfers',
    share: 1.5,
    because: 'porches of Rotterdam and The Hague',
    onNumber: (chance) =>
      letters
        .slice(0, chance.int(1, 3))
        .flatMap((one) => upTo(chance.int(1, 4)).map((at) => ({ ...letter(one), ...addition(String(at)) })))
  },
  {
    soort: 'boerderij',
    share: 1.5,
    because: 'a second home on a yard; the first was pulled down or is no home in half of the cases',
    onNumber: (chance) => [...(chance.isHit(50) ? [plain] : []), letter('A')]
  },
  {
    soort: 'kamers',
    share: 1.5,
    because: 'students and care homes: some tens of thousands of rooms with an address of their own',
    onNumber: (chance) => {
      const style = chance.pick(['', 'K', '1'])
      return upTo(40).map((room) => addition(style === '1' ? String(100 + room) : style + String(room)))
    }
  },
  {
    soort: 'cijfers met nullen',
    share: 1,
    because: 'towns that count additions as 01, 02',
    onNumber: (chance) => upTo(chance.int(2, 12)).map((one) => addition(String(one).padStart(2, '0')))
  },
  {
    soort: 'postbus',
    share: 0.6,
    because: 'customers who gave a post box, which is no address of the BAG',
    isInBag: false,
    onNumber: () => [plain]
  },
  {
    soort: 'verdieping in Romeinse cijfers',
    share: 0.5,
    because: 'the older half of Amsterdam and Haarlem that kept them',
    onNumber: (chance) => [addition('HS'), ...roman.slice(0, chance.int(2, 4)).map(addition)]
  },
  {
    soort: 'bis',
    share: 0.4,
    because: 'upper homes of Utrecht, which has two percent of all homes',
    onNumber: () => [plain, addition('BIS')]
  },
  {
    soort: 'verdieping voor en achter',
    share: 0.25,
    because: 'floors that were split once more',
    onNumber: (chance) =>
      upTo(chance.int(1, 3)).flatMap((floor) => [addition(`${floor}V`), addition(`${floor}A`)])
  },
  {
    soort: 'woonboot',
    share: 0.13,
    because: 'some ten thousand berths, of which the addition often tells',
    onNumber: (chance) => [chance.pick([letter('A'), addition('WB'), addition('AB')])]
  },
  {
    soort: 'bis met letter',
    share: 0.1,
    because: 'upper homes of Utrecht that were split',
    onNumber: () => [plain, addition('BISA'), addition('BISB')]
  },
  {
    soort: 'zwart en rood',
    share: 0.1,
    because: 'upper and lower homes of Haarlem',
    onNumber: () => [addition('ZW'), addition('RD')]
  },
  {
    soort: 'postbus van een bewindvoerder',
    share: 0.08,
    because: 'forty people whose post goes to one administrator',
    isInBag: false,
    onNumber: () => upTo(40).map(() => plain)
  },
  {
    soort: 'twee met dezelfde tekst',
    share: 0.04,
    because: 'two streets that meet in one postcode, both with this number',
    onNumber: () => [plain, plain]
  }
]

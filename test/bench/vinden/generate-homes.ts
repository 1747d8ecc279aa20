import { postcodesOf } from '../../demo/participants.ts'
import { type Chance, seededChance } from '../../demo/seeded-chance.ts'
import { gemeenten } from '../landscape.ts'
import { type Aanduiding, type HomeKind, homeKinds } from './home-kinds.ts'

/** A home with its address as the BAG has it. */
export type Home = Aanduiding & {
  readonly soort: string
  readonly gemeentecode: string
  readonly postcode: string
  readonly huisnummer: number
  readonly woonplaats: string
  /** The BAG id; absent where the BAG has no such address. */
  readonly nummeraanduiding?: string
}

type Street = Pick<Home, 'gemeentecode' | 'postcode' | 'woonplaats'>

const streets = gemeenten.flatMap(({ gemeentecode, woonplaats, cijfers }) =>
  postcodesOf({ gemeentecode, woonplaats, cijfers, naam: '', inwoners: 0 }).map((postcode) => ({
    gemeentecode,
    woonplaats,
    postcode
  }))
)

/** Invents about this many homes, each kind in its share, spread over the postcodes of the landscape. */
export function generateHomes(seed: number, count: number): Home[] {
  const chance = seededChance(seed)
  const homes: Home[] = []
  let numbers = 0
  for (const kind of homeKinds) {
    const end = homes.length + Math.round((count * kind.share) / 100)
    while (homes.length < end) homes.push(...onNumber(chance, kind, numbers++, homes.length))
  }
  return homes
}

function onNumber(chance: Chance, kind: HomeKind, number: number, first: number): Home[] {
  const isInBag = kind.isInBag ?? true
  const street = streets[number % streets.length]!
  return kind.onNumber(chance).map((aanduiding, index) => ({
    soort: kind.soort,
    ...(isInBag ? street : postBoxesOf(street)),
    huisnummer: 1 + Math.floor(number / streets.length),
    ...aanduiding,
    ...(isInBag && { nummeraanduiding: `${street.gemeentecode}20${String(first + index).padStart(10, '0')}` })
  }))
}

// Post boxes have postcodes of their own: the next digits, which no municipality of the landscape uses.
function postBoxesOf(street: Street): Street {
  return { ...street, postcode: `${Number(street.postcode.slice(0, 4)) + 1}${street.postcode.slice(4)}` }
}

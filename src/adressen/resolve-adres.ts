import type { Registeradres } from '../begrippen/adresregister.ts'
import type { Adres } from '../begrippen/vroegsignaal.ts'
import { aanduidingOf } from './aanduiding.ts'
import { usualAanduiding } from './usual-aanduiding.ts'

/** The parts of an address that say which home it is. */
export type Adresplaats = Pick<
  Adres,
  'postcode' | 'huisnummer' | 'huisletter' | 'huisnummertoevoeging' | 'nummeraanduidingIdentificatie'
>

/** What the register says of an address. */
export type Adresuitkomst = {
  /** The one address of the register that this is; absent where none fits, or two do. */
  readonly nummeraanduiding?: string
  /** Whether the register holds the address; absent where it holds nothing on the postcode. */
  readonly bekend?: boolean
}

/**
 * Finds an address among those that the register holds on its postcode and number. Two that fit give none, because
 * nothing is merged by guess.
 */
export function resolveAdres(
  adres: Adresplaats,
  opNummer: readonly Registeradres[],
  isPostcodeBekend: boolean
): Adresuitkomst {
  if (!isPostcodeBekend) return {}
  const fitting = fittingAdressen(adres, opNummer)
  const nummeraanduiding = only(fitting)?.nummeraanduiding || undefined
  const bekend = fitting.length > 0 || opNummer.some(isNumberOnly)
  return { bekend, ...(nummeraanduiding !== undefined && { nummeraanduiding }) }
}

/**
 * The addresses of the register that an address may be, of those on its postcode and number: the one with the id that
 * the partner gave, else those with the same letter and addition, else those that have them by the usual ways of
 * writing, else, without letter and addition, the only one on the number (contract §5).
 */
export function fittingAdressen(
  adres: Adresplaats,
  opNummer: readonly Registeradres[]
): readonly Registeradres[] {
  const { nummeraanduidingIdentificatie: id } = adres
  const aanduiding = aanduidingOf(adres)
  const lettered = opNummer.filter(isLetter).length > 1
  const usual = lettered && isRomanLetter(aanduiding) ? aanduiding : usualAanduiding(aanduiding)
  const ways = [
    (one: Registeradres) => one.nummeraanduiding !== '' && one.nummeraanduiding === id,
    (one: Registeradres) => one.aanduiding === aanduiding,
    (one: Registeradres) => !(lettered && isLetter(one)) && usualAanduiding(one.aanduiding) === usual,
    () => aanduiding === '' && opNummer.length === 1
  ]
  for (const fits of ways) {
    const found = opNummer.filter(fits)
    if (found.length > 0) return found
  }
  return []
}

// Where several homes have a letter, H is the one after G, and no `huis`; I and V are no floors.
function isLetter({ aanduiding }: Registeradres): boolean {
  return /^[A-Z]$/.test(aanduiding)
}

function isRomanLetter(aanduiding: string): boolean {
  return aanduiding === 'I' || aanduiding === 'V'
}

// The CBS file knows numbers, and nothing of letters.
function isNumberOnly({ aanduiding, nummeraanduiding }: Registeradres): boolean {
  return aanduiding === '' && nummeraanduiding === ''
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}

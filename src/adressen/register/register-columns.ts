import type { Registeradres, Registerbron } from '../../begrippen/adresregister.ts'
import { aanduidingOf } from '../aanduiding.ts'
import type { FindGemeente } from './gemeentenamen.ts'

/** Where each value stands in a row, by position from 0; -1 where the file has no such column. */
export type Registerkolommen = {
  readonly postcode: number
  readonly huisnummer: number
  readonly huisletter: number
  readonly huisnummertoevoeging: number
  readonly nummeraanduiding: number
  readonly gemeentecode: number
  /** A code or a name. */
  readonly gemeente: number
}

/** An address of a register file. The gemeentecode is empty where the file gives none, or a name that nobody has. */
export type Registerregel = Registeradres & { readonly gemeentecode: string }

/** What one row says: an address, nothing (a place without a postcode), or the value that is wrong. */
export type Rijuitkomst =
  | { readonly adres: Registerregel; readonly onbekendeGemeente?: string }
  | { readonly fault: Kolomfout }
  | undefined
export type Kolomfout =
  | 'postcode'
  | 'huisnummer'
  | 'huisnummertoevoeging'
  | 'nummeraanduiding'
  | 'gemeentecode'

const headings: readonly (readonly [keyof Registerkolommen, RegExp])[] = [
  ['postcode', /^(pc6|postcode)/],
  ['huisnummer', /^huisnummer$/],
  ['huisletter', /^huisletter$/],
  ['huisnummertoevoeging', /^(huisnummer)?toevoeging$/],
  ['nummeraanduiding', /^nummeraanduiding(id|identificatie)?$/],
  ['gemeentecode', /^gemeentecode$/],
  ['gemeente', /^gemeente(naam|\d{4})?$/]
]

/** Finds the columns of a register by their names, in any case, order and punctuation; passes over all others. */
export function findKolommen(header: readonly string[]): Registerkolommen {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''))
  return Object.fromEntries(
    headings.map(([column, pattern]) => [column, names.findIndex((name) => pattern.test(name))])
  ) as Registerkolommen
}

/** The names of the columns that a register cannot do without and that this one lacks. */
export function missingKolommen({
  postcode,
  huisnummer,
  gemeentecode,
  gemeente
}: Registerkolommen): string[] {
  return [
    ...(postcode < 0 ? ['postcode (of PC6)'] : []),
    ...(huisnummer < 0 ? ['huisnummer'] : []),
    ...(gemeentecode < 0 && gemeente < 0 ? ['gemeentecode (of gemeente)'] : [])
  ]
}

/** A file that tells addresses on one number apart comes from the BAG. */
export function bronOf({
  huisletter,
  huisnummertoevoeging,
  nummeraanduiding
}: Registerkolommen): Registerbron {
  return huisletter >= 0 || huisnummertoevoeging >= 0 || nummeraanduiding >= 0 ? 'bag' : 'cbs'
}

/** Makes the reader of the rows of one file. */
export function rijlezer(kolommen: Registerkolommen, findGemeente: FindGemeente) {
  return (cells: readonly string[]): Rijuitkomst => {
    const cell = (column: keyof Registerkolommen) => cells[kolommen[column]]?.trim() ?? ''
    const written = cell('postcode')
    if (written === '') return undefined
    const postcode = written.replace(' ', '').toUpperCase()
    if (!/^[1-9][0-9]{3}[A-Z]{2}$/.test(postcode)) return { fault: 'postcode' }
    const number = cell('huisnummer')
    if (!/^0{0,4}[1-9][0-9]{0,4}$/.test(number)) return { fault: 'huisnummer' }
    const parts = { huisletter: cell('huisletter'), huisnummertoevoeging: cell('huisnummertoevoeging') }
    const aanduiding = aanduidingOf(parts)
    if (!/^[^\p{C}]{0,12}$/u.test(aanduiding)) return { fault: 'huisnummertoevoeging' }
    const nummeraanduiding = mendId(cell('nummeraanduiding'))
    if (nummeraanduiding === undefined) return { fault: 'nummeraanduiding' }
    const code = cell('gemeentecode')
    const gemeentecode = code === '' ? undefined : readCode(code)
    if (code !== '' && gemeentecode === undefined) return { fault: 'gemeentecode' }
    const adres = { postcode, huisnummer: Number(number), aanduiding, nummeraanduiding }
    if (gemeentecode !== undefined) return { adres: { ...adres, gemeentecode } }
    const gemeente = cell('gemeente')
    const found = gemeente === '' ? '' : (readCode(gemeente) ?? findGemeente(gemeente))
    if (found !== undefined) return { adres: { ...adres, gemeentecode: found } }
    return { adres: { ...adres, gemeentecode: '' }, onbekendeGemeente: gemeente }
  }
}

// Sixteen digits of which the fifth and sixth say that it is a nummeraanduiding; a spreadsheet drops the first zero.
function mendId(id: string): string | undefined {
  if (id === '') return ''
  const whole = id.padStart(16, '0')
  return id.length >= 15 && /^[0-9]{4}20[0-9]{10}$/.test(whole) ? whole : undefined
}

function readCode(text: string): string | undefined {
  const [, digits] = /^(?:GM)?([0-9]{1,4})$/i.exec(text) ?? []
  return digits?.padStart(4, '0')
}

import { aanduidingOf } from './aanduiding.ts'
import type { Adresplaats } from './resolve-adres.ts'

/** The text of an address without a register: postcode, number, and letter with addition as one. */
export function adrestekst(adres: Adresplaats): string {
  return [adres.postcode, adres.huisnummer, aanduidingOf(adres)].join('|')
}

/** Two addresses are one when this text is equal: that of the register where it gives one, else that of the address. */
export function adressleutel(adres: Adresplaats, nummeraanduiding: string | undefined): string {
  return nummeraanduiding === undefined ? adrestekst(adres) : `nummeraanduiding|${nummeraanduiding}`
}

/** The text of a postcode and number, on which several homes may be. */
export function nummertekst({ postcode, huisnummer }: Pick<Adresplaats, 'postcode' | 'huisnummer'>): string {
  return `${postcode}|${huisnummer}`
}

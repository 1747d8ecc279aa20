import { addressKey } from '../adressen/address-key.ts'
import type { Adres } from '../begrippen/vroegsignaal.ts'

/**
 * Two signals are about the same person when this text is equal: surname and address, without case, accents or
 * punctuation.
 */
export function personKey(
  geslachtsnaam: string,
  adres: Pick<Adres, 'postcode' | 'huisnummer' | 'huisletter' | 'huisnummertoevoeging'>
): string {
  const plain = geslachtsnaam.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '')
  return `${plain.toUpperCase()}|${addressKey(adres)}`
}

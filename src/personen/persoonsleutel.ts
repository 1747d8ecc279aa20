import { adrestekst } from '../adressen/adressleutel.ts'
import type { Adresplaats } from '../adressen/resolve-adres.ts'
import type { Betrokkene } from '../begrippen/vroegsignaal.ts'
import { foldName } from './fold-name.ts'

/**
 * The text under which one partner's signals about one person are equal: surname with prefix, and the address as it was
 * written. It does not change with the address register, so that a repeat and a line of the processing log stay
 * recognisable. Who is one person for anything else is up to `isSamePerson`.
 */
export function persoonsleutel(
  { voorvoegsel = '', geslachtsnaam }: Betrokkene['naam'],
  adres: Adresplaats
): string {
  return `${foldName(voorvoegsel + geslachtsnaam)}|${adrestekst(adres)}`
}

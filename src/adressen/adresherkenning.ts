import type { Registeradres } from '../begrippen/adresregister.ts'
import { aanduidingOf } from './aanduiding.ts'
import { adressleutel, adrestekst, nummertekst } from './adressleutel.ts'
import { type Adresplaats, fittingAdressen } from './resolve-adres.ts'
import { usualAanduiding } from './usual-aanduiding.ts'

/**
 * Every text under which an address has to be recognised by what keeps hashes only, such as an objection, and cannot be
 * compared anew under another register: as it is written, in the usual way of writing, as the register has it, by its
 * id, and as the bare number where that has one address. A name must be the same as well, so two homes that share a
 * text do no harm.
 */
export function adresherkenning(adres: Adresplaats, adressen: readonly Registeradres[]): string[] {
  const opNummer = adressen.filter((one) => nummertekst(one) === nummertekst(adres))
  const fitting = fittingAdressen(adres, opNummer)
  const [found] = fitting.length === 1 ? fitting : []
  const aanduidingen = [aanduidingOf(adres), ...(found === undefined ? [] : [found.aanduiding])]
  const texts = [
    adrestekst(adres),
    ...aanduidingen.map((aanduiding) => `gebruikelijk|${nummertekst(adres)}|${usualAanduiding(aanduiding)}`),
    ...(found === undefined ? [] : [adressleutel(adres, found.nummeraanduiding || undefined)]),
    ...(found !== undefined && opNummer.length === 1 ? [`gebruikelijk|${nummertekst(adres)}|`] : [])
  ]
  return [...new Set(texts)]
}

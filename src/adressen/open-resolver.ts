import type { Registeradres } from '../begrippen/adresregister.ts'
import { adressleutel, nummertekst } from './adressleutel.ts'
import { type Adresplaats, type Adresuitkomst, resolveAdres } from './resolve-adres.ts'

/** What the register holds on the numbers that were asked. */
export type Registerinhoud = {
  readonly adressen: readonly Registeradres[]
  readonly postcodes: readonly { readonly postcode: string }[]
}

/** An address as the register gives it, with the text in which it is compared. */
export type HerleidAdres = Adresuitkomst & { readonly sleutel: string }

/** Returns a function that resolves an address by what the register holds on its number. */
export function openResolver({ adressen, postcodes }: Registerinhoud): (adres: Adresplaats) => HerleidAdres {
  const opNummer = Map.groupBy(adressen, nummertekst)
  const bekend = new Set(postcodes.map(({ postcode }) => postcode))
  return (adres) => {
    const uitkomst = resolveAdres(adres, opNummer.get(nummertekst(adres)) ?? [], bekend.has(adres.postcode))
    return { ...uitkomst, sleutel: adressleutel(adres, uitkomst.nummeraanduiding) }
  }
}

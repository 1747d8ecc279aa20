import { findRegisteradressen } from '../adressen/adresregister-store.ts'
import { adressleutel, adrestekst } from '../adressen/adressleutel.ts'
import { normaliseAdres } from '../adressen/normalise-adres.ts'
import { type Adresplaats, fittingAdressen } from '../adressen/resolve-adres.ts'
import { isSamePerson } from '../personen/is-same-person.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { referentieIndexOf } from './identify-vroegsignaal.ts'
import type { Vroegsignaal, Zoekvraag } from './vroegsignaal-schema.ts'
import type { Zoeksleutels } from './vroegsignaal-store.ts'

/**
 * The blind indexes to search by: of a reference, a BSN or an address. A person is looked for on the address; see
 * `isAbout`.
 */
export async function searchKeys(
  { tx, keys, caller }: Pick<Handeling, 'tx' | 'keys' | 'caller'>,
  { referentie, burgerservicenummer, adres }: Zoekvraag
): Promise<Zoeksleutels> {
  const indexAdres = (sleutel: string) => keys.hash('index-adres', sleutel)
  return {
    ...(referentie !== undefined && {
      referentieIndex: referentieIndexOf(keys, signaalpartnerOf(caller), referentie)
    }),
    ...(burgerservicenummer !== undefined && { bsnIndex: keys.hash('index-bsn', burgerservicenummer) }),
    ...(adres !== undefined && {
      adresIndexen: (await addressKeys(tx, normaliseAdres(adres))).map(indexAdres)
    })
  }
}

/** True when a signal is about the person that was asked for, or when none was. */
export function isAbout({ betrokkene }: Vroegsignaal, { naam, geboortedatum }: Zoekvraag): boolean {
  if (naam === undefined) return true
  return isSamePerson(betrokkene, { naam, ...(geboortedatum !== undefined && { geboortedatum }) })
}

// Every home that it may be, and the text itself: that of homes that no register knows, and of signals that were
// compared before the register came.
async function addressKeys(tx: Handeling['tx'], adres: Adresplaats): Promise<string[]> {
  const { adressen } = await findRegisteradressen(tx, [adres])
  const fitting = fittingAdressen(adres, adressen).map(
    ({ nummeraanduiding }) => nummeraanduiding || undefined
  )
  return [adrestekst(adres), ...fitting.map((nummeraanduiding) => adressleutel(adres, nummeraanduiding))]
}

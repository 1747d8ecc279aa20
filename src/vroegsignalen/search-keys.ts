import { addressKey } from '../adressen/address-key.ts'
import type { Adres } from '../begrippen/vroegsignaal.ts'
import { personKey } from '../personen/person-key.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Zoeksleutels } from './vroegsignaal-store.ts'

type Vraag = {
  referentie?: string
  burgerservicenummer?: string
  naam?: { geslachtsnaam: string }
  adres?: Pick<Adres, 'postcode' | 'huisnummer' | 'huisletter' | 'huisnummertoevoeging'>
}

/** The blind indexes to search by: of a reference, a BSN, a person on an address, or an address. */
export function searchKeys(keys: KeyRing, vraag: Vraag): Zoeksleutels {
  const { referentie, burgerservicenummer, naam } = vraag
  const adres = vraag.adres && { ...vraag.adres, postcode: vraag.adres.postcode.replace(' ', '') }
  return {
    ...(referentie !== undefined && { referentieIndex: keys.hash('index-referentie', referentie) }),
    ...(burgerservicenummer !== undefined && { bsnIndex: keys.hash('index-bsn', burgerservicenummer) }),
    ...(adres && !naam && { adresIndex: keys.hash('index-adres', addressKey(adres)) }),
    ...(adres && naam && { persoonIndex: keys.hash('index-persoon', personKey(naam.geslachtsnaam, adres)) })
  }
}

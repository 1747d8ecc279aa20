import { adresherkenning } from '../adressen/adresherkenning.ts'
import { findRegisteradressen } from '../adressen/adresregister-store.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { isBezwaarVan } from './bezwaar.ts'
import { huisnummerIndexOf, type Weighing } from './gather-omstandigheden.ts'
import { listBezwaren } from './omstandigheden-store.ts'

/** True when the person of a signal has objected in a municipality to the signals of this partner. */
export async function hasBezwaar(
  { tx, keys }: Weighing,
  gemeentecode: string,
  signaalpartnerId: string,
  { adres, betrokkene }: Pick<AangeleverdSignaal, 'adres' | 'betrokkene'>
): Promise<boolean> {
  const { burgerservicenummer: bsn } = betrokkene
  const bezwaren = await listBezwaren(tx, gemeentecode, signaalpartnerId, {
    huisnummer: huisnummerIndexOf(keys, adres),
    bsn: bsn === undefined ? null : keys.hash('index-bsn', bsn)
  })
  if (bezwaren.length === 0) return false
  const { adressen } = await findRegisteradressen(tx, [adres])
  const herkenning = adresherkenning(adres, adressen)
  return bezwaren.some((one) => isBezwaarVan(keys, one, betrokkene, herkenning))
}

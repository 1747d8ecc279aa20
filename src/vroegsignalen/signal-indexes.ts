import { addressKey } from '../adressen/address-key.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { personKey } from '../personen/person-key.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'

/** The blind indexes of a signal: keyed hashes by which rows are found without their content being readable. */
export type SignalIndexes = {
  readonly referentieIndex: Buffer
  readonly adresIndex: Buffer
  readonly persoonIndex: Buffer
  readonly bsnIndex: Buffer | null
  /** The partner's customer: the klantnummer, else the person on the address. */
  readonly klantIndex: Buffer
  readonly inhoudHash: Buffer
}

export function indexesOf(keys: KeyRing, signaal: AangeleverdSignaal): SignalIndexes {
  const { referentie, klantnummer, betrokkene, adres } = signaal
  const person = personKey(betrokkene.naam.geslachtsnaam, adres)
  const bsn = betrokkene.burgerservicenummer
  const content = { ...signaal, gemeentecode: undefined }
  return {
    referentieIndex: keys.hash('index-referentie', referentie),
    adresIndex: keys.hash('index-adres', addressKey(adres)),
    persoonIndex: keys.hash('index-persoon', person),
    bsnIndex: bsn === undefined ? null : keys.hash('index-bsn', bsn),
    klantIndex: keys.hash(
      'index-klant',
      klantnummer === undefined ? `persoon|${person}` : `klant|${klantnummer}`
    ),
    inhoudHash: keys.hash('hash-inhoud', JSON.stringify(content))
  }
}

/** The pseudonym under which the processing log knows the person of a signal. */
export function pseudonymOf(keys: KeyRing, persoonIndex: Buffer): Buffer {
  return keys.hash('pseudoniem', persoonIndex.toString('hex'))
}

import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { persoonsleutel } from '../personen/persoonsleutel.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'

/**
 * The blind indexes of a signal: keyed hashes that find rows without making their content readable. That of its address
 * depends on the address register and comes later, see `resolve-adressen.ts`.
 */
export type Vroegsignaalindexes = {
  readonly referentieIndex: Buffer
  readonly persoonIndex: Buffer
  readonly bsnIndex: Buffer | null
  /** The partner's customer: the klantnummer, else the person on the address. */
  readonly klantIndex: Buffer
  readonly inhoudHash: Buffer
}

/** A signal with its keyed hashes: the first step of intake. */
export type IdentifiedVroegsignaal = {
  readonly signaalpartnerId: string
  readonly signaal: AangeleverdSignaal
  readonly indexes: Vroegsignaalindexes
  /** In hex: the reference, and the partner's customer. */
  readonly reference: string
  readonly customer: string
  /**
   * The person on the address as a customer without a klantnummer. Present for an afsluitsignaal with a klantnummer: the
   * vroegsignaal before it may have come without.
   */
  readonly personIndex?: Buffer
}

/** Computes the keyed hashes of a signal. Those of its reference and its customer are of that partner alone. */
export function identifyVroegsignaal(
  keys: KeyRing,
  signaalpartnerId: string,
  signaal: AangeleverdSignaal
): IdentifiedVroegsignaal {
  const indexes = indexesOf(keys, signaalpartnerId, signaal)
  const { soort, klantnummer } = signaal
  const isNamed = soort === 'afsluitsignaal' && klantnummer !== undefined
  return {
    signaalpartnerId,
    signaal,
    indexes,
    reference: indexes.referentieIndex.toString('hex'),
    customer: indexes.klantIndex.toString('hex'),
    ...(isNamed && {
      personIndex: customerIndexOf(keys, signaalpartnerId, { ...signaal, klantnummer: undefined })
    })
  }
}

/** The keyed hash of a partner's reference. */
export function referentieIndexOf(keys: KeyRing, signaalpartnerId: string, referentie: string): Buffer {
  return keys.hash('index-referentie', `${signaalpartnerId}|${referentie}`)
}

function customerIndexOf(
  keys: KeyRing,
  signaalpartnerId: string,
  {
    klantnummer,
    betrokkene,
    adres
  }: Pick<AangeleverdSignaal, 'betrokkene' | 'adres'> & {
    klantnummer?: string | undefined
  }
): Buffer {
  const customer =
    klantnummer === undefined ? `persoon|${persoonsleutel(betrokkene.naam, adres)}` : `klant|${klantnummer}`
  return keys.hash('index-klant', `${signaalpartnerId}|${customer}`)
}

function indexesOf(
  keys: KeyRing,
  signaalpartnerId: string,
  signaal: AangeleverdSignaal
): Vroegsignaalindexes {
  const { referentie, betrokkene, adres } = signaal
  const person = persoonsleutel(betrokkene.naam, adres)
  const bsn = betrokkene.burgerservicenummer
  const content = { ...signaal, gemeentecode: undefined }
  return {
    referentieIndex: referentieIndexOf(keys, signaalpartnerId, referentie),
    persoonIndex: keys.hash('index-persoon', person),
    bsnIndex: bsn === undefined ? null : keys.hash('index-bsn', bsn),
    klantIndex: customerIndexOf(keys, signaalpartnerId, signaal),
    inhoudHash: keys.hash('hash-inhoud', JSON.stringify(content))
  }
}

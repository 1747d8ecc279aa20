import { adresherkenning } from '../adressen/adresherkenning.ts'
import { nummertekst } from '../adressen/adressleutel.ts'
import { type HerleidAdres, openResolver } from '../adressen/open-resolver.ts'
import type { Adresplaats } from '../adressen/resolve-adres.ts'
import type { Registeradres } from '../begrippen/adresregister.ts'
import type { Instellingen } from '../begrippen/tables.ts'
import { type AangeleverdSignaal, isCrisis } from '../begrippen/vroegsignaal.ts'
import type { Omstandigheden } from '../beoordeling/criterium.ts'
import { isInForce } from '../organisaties/overeenkomsten/overeenkomst.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { addMonths, type IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { IdentifiedVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import { isBezwaarVan } from './bezwaar.ts'
import {
  type Antwoord,
  type BezwaarRij,
  type EerderSignaal,
  type OvereenkomstRij,
  readOmstandigheden,
  type StaandSignaal,
  type Vraag
} from './omstandigheden-store.ts'

/** An identified signal with everything that it is weighed against: the second step of intake. */
export type GatheredVroegsignaal = IdentifiedVroegsignaal & {
  /** The signal as it was sent; in `signaal` the address register may have filled in the municipality. */
  readonly origin: IdentifiedVroegsignaal
  readonly omstandigheden: Omstandigheden
  /** The address as the register gives it, and the version of that register. */
  readonly adres: HerleidAdres & { readonly versie: number }
  /** Absent when the municipality is unknown or does not take part. */
  readonly instellingen?: Instellingen
  /** The signal of the same customer that this one repeats. */
  readonly herhalingVan?: string
  /** Ids of earlier signals about the same customer, newest first. */
  readonly eerdere: readonly string[]
  /** The successor of a municipality that is no more, and since when. */
  readonly opgegaanIn?: { readonly opvolger: string; readonly datum: IsoDate }
  /** The existing signal with the same reference. */
  readonly standing: StaandSignaal | undefined
}

/** What a weighing works with. */
export type Weighing = Pick<Handeling, 'tx' | 'keys'>

/** The days of a weighing, and what it is for. */
export type Weging = {
  /** The day on which an agreement must be in force. */
  readonly vandaag: IsoDate
  /** The day of receipt; for a correction the day on which the signal first came in. */
  readonly ontvangstdatum: IsoDate
  /** The id of the signal that is corrected; it can repeat only earlier signals. */
  readonly correctionOf?: string
  /** Whether a signal with a known reference is only compared with the existing one, and not weighed. */
  readonly isComparing?: boolean
  /** Whether the agreements stay locked until the transaction ends. */
  readonly isHolding?: boolean
  /**
   * Whether nothing will be kept. Then an objection is told only about a customer of whom the partner reported before:
   * whoever may ask without a trace could otherwise find out who objected.
   */
  readonly isTrial?: boolean
}

/** Signals with everything that they are weighed against. */
export type Gathered = {
  /** In the order given. */
  readonly signals: readonly GatheredVroegsignaal[]
  /** The agreements that were read. */
  readonly agreements: readonly OvereenkomstRij[]
}

// Repeats count as far back as the national monitor matches signals.
const repeatMonths = 6

/**
 * Collects everything that the criteria look at, and the existing signals with the same references, in one query for
 * any number of signals. Fills in a missing municipality when the address register knows exactly one for the postcode.
 */
export async function gatherOmstandigheden(
  { tx, keys }: Weighing,
  weging: Weging,
  identified: readonly IdentifiedVroegsignaal[]
): Promise<Gathered> {
  const antwoord = await readOmstandigheden(tx, questionAbout(keys, weging, identified))
  const surroundings = arrange(keys, antwoord)
  return {
    signals: await mapInTurns(identified, (one) => surround(one, weging, surroundings)),
    agreements: antwoord.overeenkomsten
  }
}

function questionAbout(
  keys: KeyRing,
  { isHolding = false }: Weging,
  identified: readonly IdentifiedVroegsignaal[]
): Vraag {
  return {
    isHolding,
    referenties: identified.map(({ indexes }) => indexes.referentieIndex),
    klanten: identified.flatMap(({ indexes, personIndex }) => [
      indexes.klantIndex,
      ...(personIndex ? [personIndex] : [])
    ]),
    huisnummers: identified.map(({ signaal }) => huisnummerIndexOf(keys, signaal.adres)),
    bsns: identified.flatMap(({ indexes }) => indexes.bsnIndex ?? []),
    adressen: identified.map(({ signaal }) => signaal.adres),
    overeenkomsten: identified.map(({ signaalpartnerId, signaal }) => ({
      signaalpartnerId,
      gemeentecode: signaal.gemeentecode ?? null,
      postcode: signaal.adres.postcode
    }))
  }
}

type Surroundings = ReturnType<typeof arrange>

function arrange(keys: KeyRing, antwoord: Antwoord) {
  return {
    keys,
    versie: antwoord.versie,
    resolve: openResolver(antwoord),
    adressen: antwoord.adressen,
    standing: new Map(antwoord.staand.map((one) => [one.referentieIndex, one])),
    earlier: Map.groupBy(antwoord.eerder, ({ klantIndex }) => klantIndex),
    objections: Map.groupBy(antwoord.bezwaren, ({ gemeentecode }) => gemeentecode),
    postcodes: Map.groupBy(antwoord.postcodes, ({ postcode }) => postcode),
    opgegaan: new Map(antwoord.opgegaan.map((one) => [one.van, one])),
    settings: new Map(
      antwoord.gemeenten.map(({ gemeentecode, instellingen }) => [gemeentecode, instellingen])
    ),
    agreements: Map.groupBy(antwoord.overeenkomsten, agreementName)
  }
}

function surround(
  origin: IdentifiedVroegsignaal,
  { vandaag, ontvangstdatum, correctionOf, isTrial = false }: Weging,
  {
    keys,
    versie,
    resolve,
    adressen,
    standing,
    earlier,
    objections,
    postcodes,
    opgegaan,
    settings,
    agreements
  }: Surroundings
): GatheredVroegsignaal {
  const { reference, customer, personIndex } = origin
  const { adres } = origin.signaal
  const known = (postcodes.get(adres.postcode) ?? []).flatMap(({ gemeentecode }) => gemeentecode || [])
  const herleid = resolve(adres)
  const signaal = locate(origin.signaal, known)
  const { gemeentecode = '', sector } = signaal
  const instellingen = settings.get(gemeentecode)
  const earlierOf = (name: string) =>
    (earlier.get(name) ?? []).filter(({ id }) => correctionOf === undefined || id < correctionOf)
  const ofCustomer = earlierOf(customer)
  const ofPerson = personIndex === undefined ? [] : earlierOf(personIndex.toString('hex'))
  const eerdere = [...ofCustomer, ...ofPerson]
  const repeated = findRepeated(signaal, ofCustomer)
  const mayTellBezwaar = !isTrial || eerdere.length > 0
  const opgegaanIn = opgegaan.get(gemeentecode)
  const held =
    agreements.get(agreementName({ signaalpartnerId: origin.signaalpartnerId, gemeentecode })) ?? []
  // Whatever its agreement says: nothing may come in under a code that is no more.
  const overeenkomstActief = opgegaanIn === undefined && held.some((one) => covers(one, signaal, vandaag))
  // Without an agreement the partner may not learn the municipality's settings.
  const threshold = overeenkomstActief ? instellingen?.drempelbedragenInCenten[sector] : undefined
  return {
    ...origin,
    signaal,
    origin,
    adres: { ...herleid, versie },
    standing: standing.get(reference),
    eerdere: eerdere.map(({ id }) => id),
    ...(opgegaanIn && { opgegaanIn }),
    ...(instellingen && { instellingen }),
    ...(repeated && { herhalingVan: repeated.id }),
    omstandigheden: {
      vandaag: ontvangstdatum,
      overeenkomstActief,
      gemeentecodesVanPostcode: known,
      bezwaarGeregistreerd:
        overeenkomstActief &&
        mayTellBezwaar &&
        isObjectedTo(keys, origin, adressen, objections.get(gemeentecode)),
      ...(herleid.bekend !== undefined && { adresBekend: herleid.bekend }),
      ...(threshold !== undefined && { drempelbedragInCenten: threshold }),
      eerderVroegsignaal: eerdere.some(({ soort }) => soort === 'vroegsignaal'),
      ...(repeated && { eerdereMelding: repeated })
    }
  }
}

function agreementName({
  signaalpartnerId,
  gemeentecode
}: Pick<OvereenkomstRij, 'signaalpartnerId' | 'gemeentecode'>): string {
  return `${signaalpartnerId}|${gemeentecode}`
}

function locate(signaal: AangeleverdSignaal, known: readonly string[]): AangeleverdSignaal {
  // A postcode on a border lies in several municipalities; then the partner has to name one.
  if (signaal.gemeentecode !== undefined || known.length !== 1) return signaal
  return { ...signaal, gemeentecode: known[0]! }
}

function covers(agreement: OvereenkomstRij, { sector, signaaldatum }: AangeleverdSignaal, vandaag: IsoDate) {
  return agreement.sectoren.includes(sector) && isInForce(agreement, signaaldatum, vandaag)
}

// A crisis after a vroegsignaal is not a repeat of it: the need has grown, whatever the amount.
function findRepeated(
  { soort, sector, signaaldatum }: AangeleverdSignaal,
  ofCustomer: readonly EerderSignaal[]
): EerderSignaal | undefined {
  const from = addMonths(signaaldatum, -repeatMonths)
  return ofCustomer.find(
    (earlier) =>
      !earlier.isIngetrokken &&
      earlier.sector === sector &&
      earlier.signaaldatum >= from &&
      (!isCrisis(soort) || isCrisis(earlier.soort))
  )
}

function isObjectedTo(
  keys: KeyRing,
  { signaalpartnerId, signaal: { adres, betrokkene }, indexes }: IdentifiedVroegsignaal,
  adressen: readonly Registeradres[],
  objections: readonly BezwaarRij[] = []
): boolean {
  if (objections.length === 0) return false
  const huisnummer = huisnummerIndexOf(keys, adres).toString('hex')
  const bsn = indexes.bsnIndex?.toString('hex')
  const isCandidate = (one: BezwaarRij) =>
    (one.signaalpartnerId === null || one.signaalpartnerId === signaalpartnerId) &&
    (one.huisnummerIndex === huisnummer || one.bsnIndex === bsn)
  const herkenning = adresherkenning(adres, adressen)
  return objections.some((one) => isCandidate(one) && isBezwaarVan(keys, one, betrokkene, herkenning))
}

/** The keyed hash of a postcode and house number, by which objections are looked up. */
export function huisnummerIndexOf(keys: KeyRing, adres: Adresplaats): Buffer {
  return keys.hash('index-adres', nummertekst(adres))
}

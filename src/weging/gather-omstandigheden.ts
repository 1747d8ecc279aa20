import type { Instellingen } from '../begrippen/tables.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Omstandigheden } from '../beoordeling/criterium.ts'
import { isInForce } from '../organisaties/overeenkomsten/overeenkomst.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { addMonths, type IsoDate } from '../time.ts'
import type { IdentifiedVroegsignaal, Vroegsignaalindexes } from '../vroegsignalen/identify-vroegsignaal.ts'
import {
  type Antwoord,
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
  /** Absent when the municipality is unknown or does not take part. */
  readonly instellingen?: Instellingen
  /** The signal of the same customer that this one repeats. */
  readonly herhalingVan?: string
  /** The existing signal with the same reference. */
  readonly standing: StaandSignaal | undefined
}

/** The partner and the days of a weighing. */
export type Weging = {
  readonly signaalpartnerId: string
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
  tx: Tx,
  weging: Weging,
  identified: readonly IdentifiedVroegsignaal[]
): Promise<Gathered> {
  const antwoord = await readOmstandigheden(tx, questionAbout(weging, identified))
  const surroundings = arrange(antwoord)
  return {
    signals: await mapInTurns(identified, (one) => surround(one, weging, surroundings)),
    agreements: antwoord.overeenkomsten
  }
}

function questionAbout(
  { signaalpartnerId, isHolding = false }: Weging,
  identified: readonly IdentifiedVroegsignaal[]
): Vraag {
  const unique = (texts: readonly string[]) => [...new Set(texts)]
  return {
    signaalpartnerId,
    isHolding,
    referenties: identified.map(({ indexes }) => indexes.referentieIndex),
    klanten: identified.map(({ indexes }) => indexes.klantIndex),
    personen: identified.flatMap(({ indexes }) => personIndexes(indexes)),
    postcodes: unique(identified.map(({ signaal }) => signaal.adres.postcode)),
    gemeentecodes: unique(identified.flatMap(({ signaal }) => signaal.gemeentecode ?? []))
  }
}

type Surroundings = ReturnType<typeof arrange>

function arrange(antwoord: Antwoord) {
  return {
    standing: new Map(antwoord.staand.map((one) => [one.referentieIndex, one])),
    earlier: Map.groupBy(antwoord.eerder, ({ klantIndex }) => klantIndex),
    objections: new Set(
      antwoord.bezwaren.map(({ gemeentecode, persoonIndex }) => `${gemeentecode}|${persoonIndex}`)
    ),
    postcodes: Map.groupBy(antwoord.postcodes, ({ postcode }) => postcode),
    settings: new Map(
      antwoord.gemeenten.map(({ gemeentecode, instellingen }) => [gemeentecode, instellingen])
    ),
    agreements: Map.groupBy(antwoord.overeenkomsten, ({ gemeentecode }) => gemeentecode)
  }
}

function surround(
  origin: IdentifiedVroegsignaal,
  { vandaag, ontvangstdatum, correctionOf }: Weging,
  { standing, earlier, objections, postcodes, settings, agreements }: Surroundings
): GatheredVroegsignaal {
  const { indexes, reference, customer } = origin
  const known = (postcodes.get(origin.signaal.adres.postcode) ?? []).map(({ gemeentecode }) => gemeentecode)
  const signaal = locate(origin.signaal, known)
  const { gemeentecode = '', sector, klantnummer } = signaal
  const instellingen = settings.get(gemeentecode)
  const ofCustomer = (earlier.get(customer) ?? []).filter(
    ({ id }) => correctionOf === undefined || id < correctionOf
  )
  const repeated = findRepeated(signaal, ofCustomer)
  const overeenkomstActief = (agreements.get(gemeentecode) ?? []).some((one) => covers(one, signaal, vandaag))
  // Without an agreement the partner may not learn the municipality's settings.
  const threshold = overeenkomstActief ? instellingen?.drempelbedragenInCenten[sector] : undefined
  return {
    ...origin,
    signaal,
    origin,
    standing: standing.get(reference),
    ...(instellingen && { instellingen }),
    ...(repeated && { herhalingVan: repeated.id }),
    omstandigheden: {
      vandaag: ontvangstdatum,
      overeenkomstActief,
      gemeentecodesVanPostcode: known,
      bezwaarGeregistreerd:
        overeenkomstActief &&
        personIndexes(indexes).some((index) => objections.has(`${gemeentecode}|${index.toString('hex')}`)),
      ...(threshold !== undefined && { drempelbedragInCenten: threshold }),
      eerderVroegsignaal:
        klantnummer !== undefined && ofCustomer.some(({ soort }) => soort === 'vroegsignaal'),
      ...(repeated && { eerdereMelding: repeated })
    }
  }
}

function locate(signaal: AangeleverdSignaal, known: readonly string[]): AangeleverdSignaal {
  // A postcode on a border lies in several municipalities; then the partner has to name one.
  if (signaal.gemeentecode !== undefined || known.length !== 1) return signaal
  return { ...signaal, gemeentecode: known[0]! }
}

function covers(agreement: OvereenkomstRij, { sector, signaaldatum }: AangeleverdSignaal, vandaag: IsoDate) {
  return agreement.sectoren.includes(sector) && isInForce(agreement, signaaldatum, vandaag)
}

function findRepeated({ sector, signaaldatum }: AangeleverdSignaal, ofCustomer: readonly EerderSignaal[]) {
  const from = addMonths(signaaldatum, -repeatMonths)
  return ofCustomer.find((earlier) => earlier.sector === sector && earlier.signaaldatum >= from)
}

function personIndexes({ persoonIndex, bsnIndex }: Vroegsignaalindexes): Buffer[] {
  return bsnIndex === null ? [persoonIndex] : [persoonIndex, bsnIndex]
}

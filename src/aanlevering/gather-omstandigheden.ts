import type { Omstandigheden } from '../beoordeling/criterium.ts'
import { isInForce } from '../organisaties/overeenkomst.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { Instellingen } from '../platform/database/tables.ts'
import { addMonths, type IsoDate } from '../time.ts'
import type { SignalIndexes } from '../vroegsignalen/signal-indexes.ts'
import type { AangeleverdSignaal } from '../vroegsignalen/vroegsignaal.ts'
import { type EerderSignaal, listEarlierSignals } from '../vroegsignalen/vroegsignaal-store.ts'
import type { IntakeSources } from './intake-sources.ts'
import { findObjections, type OvereenkomstRij } from './omstandigheden-store.ts'

/** A signal on its way in: what was sent, its keyed hashes, and all that it is weighed against. */
export type TeWegenSignaal = {
  readonly signaal: AangeleverdSignaal
  readonly indexes: SignalIndexes
  readonly omstandigheden: Omstandigheden
  /** Absent when no municipality could be named, or it takes no part. */
  readonly instellingen?: Instellingen
  /** The signal of the same customer that this one repeats. */
  readonly herhalingVan?: string
}

/** Whose signals are weighed, and on which day. */
export type Weging = {
  readonly signaalpartnerId: string
  /** The day on which an agreement must be in force. */
  readonly vandaag: IsoDate
  /** The day of receipt; for a correction that of the signal as it first came in. */
  readonly ontvangstdatum: IsoDate
  /** The signal that is corrected: it repeats nothing of itself. */
  readonly correctionOf?: string
}

// Repeats are looked for as far back as the national monitor matches (contract §4).
const repeatMonths = 6

/**
 * Collects, in a fixed number of queries whatever the number of signals, everything their criteria look at.
 * Fills in the municipality from the address register where the partner left it out and the register knows one.
 */
export async function gatherOmstandigheden(
  tx: Tx,
  sources: IntakeSources,
  { signaalpartnerId, vandaag, ontvangstdatum, correctionOf }: Weging,
  given: readonly { signaal: AangeleverdSignaal; indexes: SignalIndexes }[]
): Promise<TeWegenSignaal[]> {
  const postcodes = await sources.postcodes(given.map(({ signaal }) => signaal.adres.postcode))
  const located = given.map(({ signaal, indexes }) => ({ signaal: locate(signaal, postcodes), indexes }))
  const gemeentecodes = located.flatMap(({ signaal }) => signaal.gemeentecode ?? [])
  const settings = await sources.settings(gemeentecodes)
  const agreements = await sources.agreements(gemeentecodes)
  const persons = located.flatMap(({ indexes }) => personIndexes(indexes))
  const objections = await findObjections(tx, persons)
  const customers = located.map(({ indexes }) => indexes.klantIndex)
  const earlier = Map.groupBy(await listEarlierSignals(tx, signaalpartnerId, customers), ({ klantIndex }) =>
    klantIndex.toString('hex')
  )
  return located.map(({ signaal, indexes }) => {
    const instellingen = settings.get(signaal.gemeentecode ?? '')
    const ofMunicipality = agreements.get(signaal.gemeentecode ?? '') ?? []
    const ofCustomer = (earlier.get(indexes.klantIndex.toString('hex')) ?? []).filter(
      ({ id }) => id !== correctionOf
    )
    const repeated = findRepeated(signaal, ofCustomer)
    const threshold = instellingen?.drempelbedragenInCenten[signaal.sector]
    return {
      signaal,
      indexes,
      ...(instellingen && { instellingen }),
      ...(repeated && { herhalingVan: repeated.id }),
      omstandigheden: {
        vandaag: ontvangstdatum,
        overeenkomstActief: ofMunicipality.some((agreement) => covers(agreement, signaal, vandaag)),
        gemeentecodesVanPostcode: postcodes.get(signaal.adres.postcode) ?? [],
        bezwaarGeregistreerd: personIndexes(indexes).some((index) =>
          objections.has(`${signaal.gemeentecode}|${index.toString('hex')}`)
        ),
        ...(threshold !== undefined && { drempelbedragInCenten: threshold }),
        eerderVroegsignaal:
          signaal.klantnummer !== undefined && ofCustomer.some(({ soort }) => soort === 'vroegsignaal'),
        ...(repeated && { eerdereMelding: repeated })
      }
    }
  })
}

function locate(signaal: AangeleverdSignaal, postcodes: ReadonlyMap<string, string[]>): AangeleverdSignaal {
  const known = postcodes.get(signaal.adres.postcode) ?? []
  // A postcode on a border lies in several municipalities; then the partner has to say which.
  if (signaal.gemeentecode !== undefined || known.length !== 1) return signaal
  return { ...signaal, gemeentecode: known[0]! }
}

function covers(agreement: OvereenkomstRij, { sector, signaaldatum }: AangeleverdSignaal, vandaag: IsoDate) {
  return agreement.sectoren.includes(sector) && isInForce(agreement, signaaldatum, vandaag)
}

function findRepeated({ sector, signaaldatum }: AangeleverdSignaal, ofCustomer: EerderSignaal[]) {
  const from = addMonths(signaaldatum, -repeatMonths)
  return ofCustomer.find((earlier) => earlier.sector === sector && earlier.signaaldatum >= from)
}

function personIndexes({ persoonIndex, bsnIndex }: SignalIndexes): Buffer[] {
  return bsnIndex === null ? [persoonIndex] : [persoonIndex, bsnIndex]
}

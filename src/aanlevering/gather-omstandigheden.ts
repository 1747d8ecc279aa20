import type { Omstandigheden } from '../beoordeling/criterium.ts'
import { isInForce } from '../organisaties/overeenkomst.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { Instellingen } from '../platform/database/tables.ts'
import { addMonths, type IsoDate } from '../time.ts'
import type { SignalIndexes } from '../vroegsignalen/signal-indexes.ts'
import type { AangeleverdSignaal } from '../vroegsignalen/vroegsignaal.ts'
import { type EerderSignaal, listEarlierSignals } from '../vroegsignalen/vroegsignaal-store.ts'
import {
  findObjections,
  findPostcodes,
  findSettings,
  holdAgreements,
  type OvereenkomstRij
} from './omstandigheden-store.ts'

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

// Repeats are looked for as far back as the national monitor matches (contract §4).
const repeatMonths = 6

/**
 * Collects, in a fixed number of queries whatever the number of signals, everything their criteria look at.
 * Fills in the municipality from the address register where the partner left it out and the register knows one.
 * The partner's agreements stay locked until the transaction ends: one that ends meanwhile, ends after or before it.
 */
export async function gatherOmstandigheden(
  tx: Tx,
  signaalpartnerId: string,
  vandaag: IsoDate,
  given: readonly { signaal: AangeleverdSignaal; indexes: SignalIndexes }[]
): Promise<TeWegenSignaal[]> {
  const postcodes = await findPostcodes(
    tx,
    given.map(({ signaal }) => signaal.adres.postcode)
  )
  const located = given.map(({ signaal, indexes }) => ({ signaal: locate(signaal, postcodes), indexes }))
  const gemeentecodes = [...new Set(located.flatMap(({ signaal }) => signaal.gemeentecode ?? []))]
  const settings = gemeentecodes.length === 0 ? new Map() : await findSettings(tx, gemeentecodes)
  const agreements =
    gemeentecodes.length === 0 ? [] : await holdAgreements(tx, signaalpartnerId, gemeentecodes)
  const objections = await findObjections(
    tx,
    located.flatMap(({ indexes }) => personIndexes(indexes))
  )
  const earlier = Map.groupBy(
    await listEarlierSignals(
      tx,
      signaalpartnerId,
      located.map(({ indexes }) => indexes.klantIndex)
    ),
    ({ klantIndex }) => klantIndex.toString('hex')
  )
  return located.map(({ signaal, indexes }) => {
    const instellingen = settings.get(signaal.gemeentecode ?? '')
    const ofCustomer = earlier.get(indexes.klantIndex.toString('hex')) ?? []
    const repeated = findRepeated(signaal, ofCustomer)
    const threshold = instellingen?.drempelbedragenInCenten[signaal.sector]
    return {
      signaal,
      indexes,
      ...(instellingen && { instellingen }),
      ...(repeated && { herhalingVan: repeated.id }),
      omstandigheden: {
        vandaag,
        overeenkomstActief: agreements.some((agreement) => covers(agreement, signaal, vandaag)),
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

function locate(signaal: AangeleverdSignaal, postcodes: Map<string, string[]>): AangeleverdSignaal {
  const known = postcodes.get(signaal.adres.postcode) ?? []
  // A postcode on a border lies in several municipalities; then the partner has to say which.
  if (signaal.gemeentecode !== undefined || known.length !== 1) return signaal
  return { ...signaal, gemeentecode: known[0]! }
}

function covers(
  agreement: OvereenkomstRij,
  { gemeentecode, sector, signaaldatum }: AangeleverdSignaal,
  vandaag: IsoDate
) {
  return (
    agreement.gemeentecode === gemeentecode &&
    agreement.sectoren.includes(sector) &&
    isInForce(agreement, signaaldatum, vandaag)
  )
}

function findRepeated({ sector, signaaldatum }: AangeleverdSignaal, ofCustomer: EerderSignaal[]) {
  const from = addMonths(signaaldatum, -repeatMonths)
  return ofCustomer.find((earlier) => earlier.sector === sector && earlier.signaaldatum >= from)
}

function personIndexes({ persoonIndex, bsnIndex }: SignalIndexes): Buffer[] {
  return bsnIndex === null ? [persoonIndex] : [persoonIndex, bsnIndex]
}

import { randomUUIDv7 } from 'node:crypto'
import { assessSignal } from '../beoordeling/assess-signal.ts'
import type { Bevinding, Uitkomst } from '../beoordeling/criterium.ts'
import { markAddresses } from '../huishoudens/markering-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { addDays, addMonths, addWorkingDays, ageOn, type IsoDate, todayIn } from '../time.ts'
import { logProcessing } from '../verantwoording/verwerking-store.ts'
import { type Beoordeling, sealContent } from '../vroegsignalen/signal-content.ts'
import { indexesOf, pseudonymOf, type SignalIndexes } from '../vroegsignalen/signal-indexes.ts'
import { type AangeleverdSignaal, isCrisis } from '../vroegsignalen/vroegsignaal.ts'
import { addSignals, findByReference, type NieuwSignaal } from '../vroegsignalen/vroegsignaal-store.ts'
import { countRefusals } from './afwijzing-store.ts'
import { gatherOmstandigheden, type TeWegenSignaal } from './gather-omstandigheden.ts'

/** On whose behalf, and when, signals come in. */
export type Herkomst = {
  readonly signaalpartnerId: string
  readonly clientId: string
  readonly traceId: string
  readonly now: Date
}

/** What became of one signal. */
export type Ontvangst =
  | { readonly uitkomst: 'opgenomen' | 'ongewijzigd'; readonly id: string; readonly gemeentecode: string }
  | { readonly uitkomst: 'afgewezen'; readonly bevindingen: readonly Bevinding[] }
  | { readonly uitkomst: 'referentie-bestaat' }
  /** The reference belongs to a signal whose day of destruction has come but that still waits for the sweeper. */
  | { readonly uitkomst: 'referentie-verloopt' }

const crisisWorkingDays = 3

/**
 * Takes in a partner's signals in the given transaction (station 1): known references are answered with what
 * stands, the others are weighed on the law of their date, and those that pass are stored encrypted, marked for
 * matching and logged. Each signal stands or falls alone; outcomes come in the order given.
 * A refused signal leaves nothing behind but a count per municipality, day and criterium.
 */
export async function receiveSignals(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  signals: readonly AangeleverdSignaal[]
): Promise<Ontvangst[]> {
  const given = signals.map((signaal) => ({ signaal, indexes: indexesOf(keys, signaal) }))
  const standing = await findStanding(tx, herkomst.signaalpartnerId, given)
  const fresh = given.filter(({ indexes }) => !standing.has(hex(indexes.referentieIndex)))
  const weighed = await weigh(tx, herkomst, fresh)
  const admitted = weighed.filter(({ bevindingen }) => !bevindingen.some(isRefusal))
  const rows = await toRows(keys, herkomst, admitted)
  const added = rows.length === 0 ? new Set<string>() : await addSignals(tx, rows)
  const stored = rows.filter(({ id }) => added.has(id))
  await markAddresses(tx, stored)
  await logReceipts(tx, keys, herkomst, stored)
  await countRefusals(tx, herkomst.signaalpartnerId, todayIn(herkomst.now), weighed.flatMap(refusalsOf))

  // Whoever lost a race for a reference meets the winner only now.
  const overtaken =
    admitted.length > stored.length ? await findStanding(tx, herkomst.signaalpartnerId, given) : standing
  const storedByReference = new Map(stored.map((row) => [hex(row.referentieIndex), row]))
  const weighedByReference = new Map(weighed.map((one) => [hex(one.indexes.referentieIndex), one]))
  return given.map(({ indexes }) => {
    const reference = hex(indexes.referentieIndex)
    const row = storedByReference.get(reference)
    if (row?.inhoudHash.equals(indexes.inhoudHash)) return taken('opgenomen', row)
    const refused = weighedByReference.get(reference)?.bevindingen.filter(isRefusal) ?? []
    if (refused.length > 0) return { uitkomst: 'afgewezen', bevindingen: refused }
    const earlier = standing.get(reference) ?? overtaken.get(reference)
    if (earlier === undefined) return { uitkomst: 'referentie-verloopt' }
    return earlier.inhoudHash.equals(indexes.inhoudHash)
      ? taken('ongewijzigd', earlier)
      : { uitkomst: 'referentie-bestaat' }
  })
}

type Given = { signaal: AangeleverdSignaal; indexes: SignalIndexes }
type Weighed = TeWegenSignaal & { readonly bevindingen: readonly Bevinding[] }

function taken(
  uitkomst: 'opgenomen' | 'ongewijzigd',
  { id, gemeentecode }: { id: string; gemeentecode: string }
): Ontvangst {
  return { uitkomst, id, gemeentecode }
}

async function findStanding(tx: Tx, signaalpartnerId: string, given: readonly Given[]) {
  const rows = await findByReference(
    tx,
    signaalpartnerId,
    given.map(({ indexes }) => indexes.referentieIndex)
  )
  return new Map(rows.map((row) => [hex(row.referentieIndex), row]))
}

async function weigh(
  tx: Tx,
  { signaalpartnerId, now }: Herkomst,
  fresh: readonly Given[]
): Promise<Weighed[]> {
  if (fresh.length === 0) return []
  const gathered = await gatherOmstandigheden(tx, signaalpartnerId, todayIn(now), fresh)
  return gathered.map((one) => ({ ...one, bevindingen: assessSignal(one.signaal, one.omstandigheden) }))
}

/** True when the finding alone keeps a signal out. */
export function isRefusal({ uitkomst }: Bevinding): boolean {
  return uitkomst === 'afwijzing'
}

function refusalsOf({ signaal, bevindingen }: Weighed) {
  return bevindingen
    .filter(isRefusal)
    .map(({ criterium }) => ({ gemeentecode: signaal.gemeentecode ?? '', criterium: criterium.criterium }))
}

async function toRows(
  keys: KeyRing,
  herkomst: Herkomst,
  admitted: readonly Weighed[]
): Promise<NieuwSignaal[]> {
  const received = todayIn(herkomst.now)
  const days = admitted.map(({ instellingen }) => addMonths(received, instellingen!.bewaartermijnMaanden))
  const dataKeys = await keys.dataKeysFor(days)
  return admitted.map((one, index) => {
    const { signaal, indexes, bevindingen, herhalingVan, instellingen } = one
    const plaats = {
      gemeentecode: signaal.gemeentecode!,
      id: randomUUIDv7(),
      vernietigingsdatum: days[index]!
    }
    const inhoud = { signaal, beoordeling: groupByOutcome(bevindingen) }
    return {
      ...plaats,
      ...indexes,
      signaalpartnerId: herkomst.signaalpartnerId,
      soort: signaal.soort,
      sector: signaal.sector,
      signaaldatum: signaal.signaaldatum,
      ontvangenOp: herkomst.now,
      ontvangstdatum: received,
      reactiedatum: isCrisis(signaal.soort)
        ? addWorkingDays(received, crisisWorkingDays)
        : addDays(received, instellingen!.reactietermijnDagen),
      bedragInCenten: signaal.achterstand.bedragInCenten,
      jongere: isYoung(signaal, received, instellingen!.jongereTotEnMetLeeftijd),
      herhalingVan: herhalingVan ?? null,
      inhoud: sealContent(dataKeys.get(plaats.vernietigingsdatum)!, plaats, inhoud)
    }
  })
}

function isYoung({ betrokkene }: AangeleverdSignaal, day: IsoDate, upTo: number): boolean {
  return betrokkene.geboortedatum !== undefined && ageOn(betrokkene.geboortedatum, day) <= upTo
}

function groupByOutcome(bevindingen: readonly Bevinding[]): Beoordeling {
  const slugs = (uitkomst: Uitkomst) =>
    bevindingen
      .filter((bevinding) => bevinding.uitkomst === uitkomst)
      .map(({ criterium }) => criterium.criterium)
  return {
    voldaan: slugs('voldaan'),
    waarschuwing: slugs('waarschuwing'),
    'niet-van-toepassing': slugs('niet-van-toepassing')
  }
}

async function logReceipts(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  stored: readonly NieuwSignaal[]
): Promise<void> {
  const { signaalpartnerId, clientId, traceId, now } = herkomst
  await logProcessing(
    tx,
    stored.map(({ gemeentecode, id, persoonIndex }) => ({
      gemeentecode,
      traceId,
      activiteit: 'vroegsignaal-aannemen',
      clientId,
      signaalpartnerId,
      betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
      objectId: id,
      op: now
    }))
  )
}

function hex(index: Buffer): string {
  return index.toString('hex')
}

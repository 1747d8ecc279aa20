import { randomUUIDv7 } from 'node:crypto'
import { assessSignal, isRefusal } from '../beoordeling/assess-signal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import { markAddresses } from '../huishoudens/markering-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { addDays, addMonths, addWorkingDays, ageOn, type IsoDate, todayIn } from '../time.ts'
import { logProcessing } from '../verantwoording/verwerking-store.ts'
import { sealContent, summarise } from '../vroegsignalen/signal-content.ts'
import { indexesOf, pseudonymOf, type SignalIndexes } from '../vroegsignalen/signal-indexes.ts'
import { type AangeleverdSignaal, isCrisis } from '../vroegsignalen/vroegsignaal.ts'
import { addSignals, findByReference, type NieuwSignaal } from '../vroegsignalen/vroegsignaal-store.ts'
import { countRefusals } from './afwijzing-store.ts'
import { gatherOmstandigheden, type TeWegenSignaal } from './gather-omstandigheden.ts'
import { holdingSources, type IntakeSources } from './intake-sources.ts'

/** On whose behalf, and when, signals come in. */
export type Herkomst = {
  readonly signaalpartnerId: string
  readonly clientId: string
  readonly traceId: string
  /** The trace of each signal, when they came in by requests of their own. */
  readonly traceIds?: readonly string[]
  readonly now: Date
}

/** What became of one signal. */
export type Ontvangst =
  | { readonly uitkomst: 'opgenomen' | 'ongewijzigd'; readonly id: string; readonly gemeentecode: string }
  | {
      readonly uitkomst: 'afgewezen'
      readonly gemeentecode: string
      readonly bevindingen: readonly Bevinding[]
    }
  | { readonly uitkomst: 'referentie-bestaat' }
  /** The reference belongs to a signal whose day of destruction has come but that still waits for the sweeper. */
  | { readonly uitkomst: 'referentie-verloopt' }

const crisisWorkingDays = 3

/**
 * Takes in a partner's signals in the given transaction (station 1): known references are answered with what
 * stands, the others are weighed on the law of their date, and those that pass are stored encrypted, marked for
 * matching and logged. Each signal stands or falls alone; outcomes come in the order given.
 */
export async function receiveSignals(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  signals: readonly AangeleverdSignaal[],
  sources: IntakeSources = holdingSources(tx, herkomst.signaalpartnerId)
): Promise<Ontvangst[]> {
  const given = signals.map((signaal, index) => ({
    signaal,
    indexes: indexesOf(keys, signaal),
    traceId: herkomst.traceIds?.[index] ?? herkomst.traceId
  }))
  const outcomes = new Map<Given, Ontvangst>()
  for (const round of roundsOf(given)) {
    const received = await receiveRound(tx, keys, herkomst, sources, round)
    round.forEach((one, index) => {
      outcomes.set(one, received[index]!)
    })
  }
  return given.map((one) => outcomes.get(one)!)
}

/** Counts what was refused per municipality, day and criterium: all that a refused signal leaves behind. */
export async function countRefused(
  tx: Tx,
  { signaalpartnerId, now }: Herkomst,
  ontvangsten: readonly Ontvangst[]
): Promise<void> {
  const refusals = ontvangsten.flatMap((ontvangst) =>
    ontvangst.uitkomst !== 'afgewezen'
      ? []
      : ontvangst.bevindingen.map(({ criterium: { criterium } }) => ({
          gemeentecode: ontvangst.gemeentecode,
          criterium
        }))
  )
  await countRefusals(tx, signaalpartnerId, todayIn(now), refusals)
}

type Given = {
  readonly signaal: AangeleverdSignaal
  readonly indexes: SignalIndexes
  readonly traceId: string
}
type Weighed = TeWegenSignaal & { readonly bevindingen: readonly Bevinding[] }

// Within one round no reference and no customer occurs twice, so that a later line is weighed in sight of an earlier one.
function roundsOf(given: readonly Given[]): Given[][] {
  const rounds: Given[][] = []
  const next = new Map<string, number>()
  for (const one of given) {
    const names = [`r${hex(one.indexes.referentieIndex)}`, `k${hex(one.indexes.klantIndex)}`]
    const round = Math.max(...names.map((name) => next.get(name) ?? 0))
    for (const name of names) next.set(name, round + 1)
    rounds[round] ??= []
    rounds[round].push(one)
  }
  return rounds
}

async function receiveRound(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  sources: IntakeSources,
  round: readonly Given[]
): Promise<Ontvangst[]> {
  const standing = await findStanding(tx, herkomst.signaalpartnerId, round)
  const fresh = round.filter(({ indexes }) => !standing.has(hex(indexes.referentieIndex)))
  const weighed = await weigh(tx, sources, herkomst, fresh)
  const admitted = weighed.filter(({ bevindingen }) => !bevindingen.some(isRefusal))
  const rows = await toRows(keys, herkomst, admitted)
  const added = rows.length === 0 ? new Set<string>() : await addSignals(tx, rows)
  const stored = rows.filter(({ id }) => added.has(id))
  await markAddresses(tx, stored)
  const traces = new Map(round.map(({ indexes, traceId }) => [hex(indexes.referentieIndex), traceId]))
  await logReceipts(tx, keys, herkomst, stored, traces)

  const byReference = new Map<string, Ontvangst>()
  for (const { signaal, indexes, bevindingen } of weighed) {
    const refused = bevindingen.filter(isRefusal)
    if (refused.length === 0) continue
    byReference.set(hex(indexes.referentieIndex), {
      uitkomst: 'afgewezen',
      gemeentecode: signaal.gemeentecode ?? '',
      bevindingen: refused
    })
  }
  for (const row of stored) byReference.set(hex(row.referentieIndex), taken('opgenomen', row))
  // Whoever lost a race for a reference meets the winner only now.
  const winners =
    stored.length < rows.length ? await findStanding(tx, herkomst.signaalpartnerId, round) : standing
  return round.map((one) => {
    const reference = hex(one.indexes.referentieIndex)
    return byReference.get(reference) ?? compare(one, standing.get(reference) ?? winners.get(reference))
  })
}

type Standing = Awaited<ReturnType<typeof findByReference>>[number]

function compare({ signaal, indexes }: Given, standing: Standing | undefined): Ontvangst {
  if (standing === undefined) return { uitkomst: 'referentie-verloopt' }
  // The code may be left out, so it is no part of the hash; naming another one is other content.
  const { gemeentecode = standing.gemeentecode } = signaal
  return standing.inhoudHash.equals(indexes.inhoudHash) && gemeentecode === standing.gemeentecode
    ? taken('ongewijzigd', standing)
    : { uitkomst: 'referentie-bestaat' }
}

function taken(
  uitkomst: 'opgenomen' | 'ongewijzigd',
  { id, gemeentecode }: { id: string; gemeentecode: string }
): Ontvangst {
  return { uitkomst, id, gemeentecode }
}

async function findStanding(
  tx: Tx,
  signaalpartnerId: string,
  given: readonly Given[]
): Promise<Map<string, Standing>> {
  const references = given.map(({ indexes }) => indexes.referentieIndex)
  const rows = await findByReference(tx, signaalpartnerId, references)
  return new Map(rows.map((row) => [hex(row.referentieIndex), row]))
}

async function weigh(
  tx: Tx,
  sources: IntakeSources,
  { signaalpartnerId, now }: Herkomst,
  fresh: readonly Given[]
): Promise<Weighed[]> {
  if (fresh.length === 0) return []
  const gathered = await gatherOmstandigheden(
    tx,
    sources,
    { signaalpartnerId, vandaag: todayIn(now), ontvangstdatum: todayIn(now) },
    fresh
  )
  return gathered.map((one) => ({ ...one, bevindingen: assessSignal(one.signaal, one.omstandigheden) }))
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
      sleuteldag: days[index]!
    }
    const inhoud = { signaal, beoordeling: summarise(bevindingen) }
    return {
      ...plaats,
      ...indexes,
      vernietigingsdatum: plaats.sleuteldag,
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
      inhoud: sealContent(dataKeys.get(plaats.sleuteldag)!, plaats, inhoud)
    }
  })
}

function isYoung({ betrokkene }: AangeleverdSignaal, day: IsoDate, upTo: number): boolean {
  return betrokkene.geboortedatum !== undefined && ageOn(betrokkene.geboortedatum, day) <= upTo
}

async function logReceipts(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  stored: readonly NieuwSignaal[],
  traces: ReadonlyMap<string, string>
): Promise<void> {
  const { signaalpartnerId, clientId, now } = herkomst
  await logProcessing(
    tx,
    stored.map(({ gemeentecode, id, persoonIndex, referentieIndex }) => ({
      gemeentecode,
      traceId: traces.get(hex(referentieIndex))!,
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

import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { assessSignal, isRefusal } from '../beoordeling/assess-signal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { todayIn } from '../time.ts'
import { addSignals, findByReference, type NieuwSignaal } from '../vroegsignalen/aanname-store.ts'
import { summarise } from '../vroegsignalen/signal-content.ts'
import { indexesOf, type SignalIndexes } from '../vroegsignalen/signal-indexes.ts'
import { type Gathered, gatherOmstandigheden, type TeWegenSignaal } from '../weging/gather-omstandigheden.ts'
import type { Herkomst } from '../weging/herkomst.ts'
import type { OvereenkomstRij, StaandSignaal } from '../weging/omstandigheden-store.ts'
import { toRows } from './to-rows.ts'

/** How signals lean on agreements. */
export type Leaning = {
  /** Whether they stay locked until the transaction ends; a long one checks them again before it commits instead. */
  readonly isHolding?: boolean
  /** Filled with the agreements that were leaned on, by id, as they were first read. */
  readonly agreements?: Map<string, OvereenkomstRij>
}

/** What became of one signal. */
export type Ontvangst =
  | {
      readonly uitkomst: 'opgenomen'
      readonly id: string
      readonly gemeentecode: string
      /** The row as it was written. */
      readonly row: NieuwSignaal
      /** The criteria that gave a warning. */
      readonly waarschuwingen: readonly string[]
    }
  | { readonly uitkomst: 'ongewijzigd'; readonly id: string; readonly gemeentecode: string }
  | {
      readonly uitkomst: 'afgewezen'
      readonly gemeentecode: string
      readonly bevindingen: readonly Bevinding[]
    }
  | { readonly uitkomst: 'referentie-bestaat' }
  /** The reference belongs to a signal whose day of destruction has come but that still waits for the sweeper. */
  | { readonly uitkomst: 'referentie-verloopt' }

/**
 * Takes in a partner's signals in the given transaction (station 1): known references are answered with what
 * stands, the others are weighed on the law of their date, and those that pass are stored encrypted, marked for
 * matching and logged. Each signal stands or falls alone; outcomes come in the order given.
 */
export async function receiveSignals(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  signals: readonly AangeleverdSignaal[]
): Promise<Ontvangst[]> {
  const given = signals.map((signaal, index) => identifySignal(keys, signaal, herkomst.traceIds?.[index]))
  return storeWeighed(tx, herkomst, await weighSignals(tx, keys, herkomst, given))
}

/** A signal with the keyed hashes by which it is known. */
export function identifySignal(keys: KeyRing, signaal: AangeleverdSignaal, traceId?: string): Given {
  const indexes = indexesOf(keys, signaal)
  return {
    signaal,
    indexes,
    reference: hex(indexes.referentieIndex),
    customer: hex(indexes.klantIndex),
    traceId
  }
}

/** Signals of which all that others among them lean on is stored, and the rest is weighed and ready to be. */
export type Gewogen = {
  readonly given: readonly Given[]
  readonly outcomes: Map<Given, Ontvangst>
  readonly round: WeighedRound
}

/** Weighs signals, for `storeWeighed` to store. */
export async function weighSignals(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  given: readonly Given[],
  leaning: Leaning = {}
): Promise<Gewogen> {
  const outcomes = new Map<Given, Ontvangst>()
  const rounds = roundsOf(given)
  const last = rounds.pop() ?? []
  for (const round of rounds) {
    await storeRound(tx, herkomst, await weighRound(tx, keys, herkomst, round, leaning), outcomes)
  }
  return { given, outcomes, round: await weighRound(tx, keys, herkomst, last, leaning) }
}

/** Stores signals that were weighed. */
export async function storeWeighed(
  tx: Tx,
  herkomst: Herkomst,
  { given, outcomes, round }: Gewogen
): Promise<Ontvangst[]> {
  await storeRound(tx, herkomst, round, outcomes)
  return given.map((one) => outcomes.get(one)!)
}

/** Whether signals can be weighed before those ahead of them are stored: not when any leans on another. */
export function areApart(ahead: readonly Given[], given: readonly Given[]): boolean {
  return roundsOf([...ahead, ...given]).length <= 1
}

export type Given = {
  readonly signaal: AangeleverdSignaal
  readonly indexes: SignalIndexes
  /** In hex: which reference and which customer of the partner it is about. */
  readonly reference: string
  readonly customer: string
  /** Absent when it came in by the request of all. */
  readonly traceId: string | undefined
}
type Weighed = Given &
  TeWegenSignaal & {
    /** The signal as it was sent, before the register filled in the municipality. */
    readonly origin: Given
    readonly standing: StaandSignaal | undefined
    readonly bevindingen: readonly Bevinding[]
    readonly refused: readonly Bevinding[]
  }

// Within one round no reference and no customer occurs twice, so that a later line is weighed in sight of an earlier one.
function roundsOf(given: readonly Given[]): Given[][] {
  const rounds: Given[][] = []
  const next = new Map<string, number>()
  for (const one of given) {
    const names = [one.reference, one.customer]
    const round = Math.max(...names.map((name) => next.get(name) ?? 0))
    for (const name of names) next.set(name, round + 1)
    rounds[round] ??= []
    rounds[round].push(one)
  }
  return rounds
}

const activiteit = 'vroegsignaal-aannemen'

type WeighedRound = { readonly weighed: readonly Weighed[]; readonly rows: readonly NieuwSignaal[] }

async function weighRound(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  round: readonly Given[],
  { isHolding = true, agreements = new Map() }: Leaning
): Promise<WeighedRound> {
  if (round.length === 0) return { weighed: [], rows: [] }
  const vandaag = todayIn(herkomst.now)
  const weging = { signaalpartnerId: herkomst.signaalpartnerId, vandaag, ontvangstdatum: vandaag, isHolding }
  const gathered = await gatherOmstandigheden(tx, weging, round)
  // The first reading counts: one that changed since must not pass for what earlier signals leaned on.
  for (const agreement of gathered.agreements) {
    if (!agreements.has(agreement.id)) agreements.set(agreement.id, agreement)
  }
  const weighed = await mapInTurns(round, (given, index) => weigh(given, gathered, index))
  return { weighed, rows: await toRows(keys, herkomst, weighed.filter(isAdmitted)) }
}

function isAdmitted({ standing, refused }: Weighed): boolean {
  return standing === undefined && refused.length === 0
}

async function storeRound(
  tx: Tx,
  herkomst: Herkomst,
  { weighed, rows }: WeighedRound,
  outcomes: Map<Given, Ontvangst>
): Promise<void> {
  const { signaalpartnerId, clientId, now: ontvangenOp } = herkomst
  const ontvangstdatum = todayIn(ontvangenOp)
  const aanneming = { activiteit, clientId, signaalpartnerId, ontvangenOp, ontvangstdatum }
  const added = rows.length === 0 ? new Set<string>() : await addSignals(tx, aanneming, rows)
  const stored = new Map(rows.filter(({ id }) => added.has(id)).map((row) => [hex(row.referentieIndex), row]))
  // Whoever lost a race for a reference meets the winner only now.
  const winners =
    rows.length > stored.size
      ? await findWinners(tx, signaalpartnerId, weighed.filter(isAdmitted))
      : undefined
  for (const one of weighed) {
    outcomes.set(one.origin, outcomeOf(one, stored.get(one.reference), winners?.get(one.reference)))
  }
}

function outcomeOf(
  one: Weighed,
  row: NieuwSignaal | undefined,
  winner: StaandSignaal | undefined
): Ontvangst {
  if (row !== undefined) return taken(row, one)
  if (one.standing === undefined && one.refused.length > 0) {
    return { uitkomst: 'afgewezen', gemeentecode: one.signaal.gemeentecode ?? '', bevindingen: one.refused }
  }
  return compare(one, one.standing ?? winner)
}

// A reference that stands already is compared with what stands, not weighed again.
function weigh(given: Given, { weighable, standing }: Gathered, index: number): Weighed {
  const one = weighable[index]!
  const stands = standing.get(given.reference)
  const bevindingen = stands === undefined ? assessSignal(one.signaal, one.omstandigheden) : []
  return {
    ...given,
    ...one,
    origin: given,
    standing: stands,
    bevindingen,
    refused: bevindingen.filter(isRefusal)
  }
}

function compare({ origin, indexes }: Weighed, standing: StaandSignaal | undefined): Ontvangst {
  if (standing === undefined) return { uitkomst: 'referentie-verloopt' }
  // The code may be left out, so it is no part of the hash; naming another one is other content.
  const { gemeentecode = standing.gemeentecode } = origin.signaal
  return standing.inhoudHash === hex(indexes.inhoudHash) && gemeentecode === standing.gemeentecode
    ? { uitkomst: 'ongewijzigd', id: standing.id, gemeentecode: standing.gemeentecode }
    : { uitkomst: 'referentie-bestaat' }
}

function taken(row: NieuwSignaal, { bevindingen }: Weighed): Ontvangst {
  const { id, gemeentecode } = row
  return { uitkomst: 'opgenomen', id, gemeentecode, row, waarschuwingen: summarise(bevindingen).waarschuwing }
}

async function findWinners(
  tx: Tx,
  signaalpartnerId: string,
  admitted: readonly Weighed[]
): Promise<ReadonlyMap<string, StaandSignaal>> {
  const references = admitted.map(({ indexes }) => indexes.referentieIndex)
  const rows = await findByReference(tx, signaalpartnerId, references)
  return new Map(
    rows.map(({ gemeentecode, id, referentieIndex, inhoudHash }) => [
      hex(referentieIndex),
      { gemeentecode, id, referentieIndex: hex(referentieIndex), inhoudHash: hex(inhoudHash) }
    ])
  )
}

function hex(index: Buffer): string {
  return index.toString('hex')
}

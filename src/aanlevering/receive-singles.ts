import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { openBatcher, type Settled } from '../platform/batch.ts'
import { isTemporary } from '../platform/database/database-errors.ts'
import { findRemembered } from '../platform/database/idempotency-store.ts'
import { claimKeys } from '../platform/database/locks.ts'
import type { Herkomst } from '../platform/database/open-database.ts'
import { noteLogged } from '../sporen/log-processing.ts'
import { type Caller, signaalpartnerOf } from '../toegang/caller.ts'
import type { Actor } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { type Effect, type Identified, rememberAll, replay, stillRunning } from '../toegang/once.ts'
import { identifyVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import {
  type GetoondSignaal,
  showVroegsignalen,
  writeVroegsignaal
} from '../vroegsignalen/show-vroegsignalen.ts'
import { listVroegsignalenById } from '../vroegsignalen/vroegsignaal-store.ts'
import type { Inname } from './inname.ts'
import type { Ontvangst } from './ontvangst.ts'
import { receiveVroegsignalen } from './receive-vroegsignalen.ts'
import type { SealedVroegsignaal } from './seal-vroegsignalen.ts'
import { openTally } from './tally.ts'

/** One posted signal, to be taken in. */
export type Single = Actor & {
  readonly signaal: AangeleverdSignaal
  /** Present when the request came with an Idempotency-Key. */
  readonly identified: Identified | undefined
}

/** The answer to one post: the signal as it is now (undefined when it is gone), or why it was refused. */
export type SingleAnswer =
  | {
      readonly status: number
      readonly isReplayed: boolean
      readonly vroegsignaal: GetoondSignaal | undefined
    }
  | { readonly refused: Ontvangst }

/**
 * Takes in single posts. Posts that arrive while a batch runs, of whichever partners, share the next transaction. Each is
 * answered only after the commit, and one bad signal never fails another.
 */
export function openSingles(hub: Hub): (single: Single) => Promise<SingleAnswer> {
  return openBatcher<Single, SingleAnswer>({
    maxBatch: 100,
    // While the database works at one batch, this process prepares the next.
    atOnce: 2,
    groupOf: () => 'singles',
    isShared: isTemporary,
    run: (singles) => hub.takeIn(herkomstenOf(singles), (inname) => receiveBatch(inname, singles))
  })
}

function herkomstenOf(singles: readonly Single[]): Herkomst[] {
  const byClient = new Map(singles.map(({ caller }) => [caller.id, caller]))
  return [...byClient.values()].map((caller) => ({
    clientId: caller.id,
    signaalpartnerId: signaalpartnerOf(caller)
  }))
}

/** A post and its answer so far. */
type Pending = {
  readonly single: Single
  outcome?: Settled<Effect | { refused: Ontvangst }>
  isReplayed?: boolean
  /** The signal, when this batch stored it. */
  taken?: SealedVroegsignaal
}

async function receiveBatch(inname: Inname, singles: readonly Single[]): Promise<Settled<SingleAnswer>[]> {
  const pending: Pending[] = singles.map((single) => ({ single }))
  await answerRepeats(inname, pending)
  const fresh = pending.filter(({ outcome }) => outcome === undefined)
  await takeIn(inname, fresh)
  await rememberAll(inname, fresh.flatMap(toRemember))
  const standing = await readStanding(inname, pending)
  return pending.map((one) => answerOf(one, standing))
}

async function answerRepeats({ tx, now }: Inname, pending: readonly Pending[]): Promise<void> {
  const keyed = pending.filter(({ single }) => single.identified !== undefined)
  if (keyed.length === 0) return
  const hashes = keyed.map(({ single }) => single.identified!.sleutelHash)
  const claimed = await claimKeys(tx, hashes)
  const earlier = await findRemembered(
    tx,
    keyed.map(({ single }, index) => ({ clientId: single.caller.id, sleutelHash: hashes[index]! })),
    now
  )
  const seen = new Set<string>()
  keyed.forEach((one, index) => {
    const hash = hashes[index]!.toString('hex')
    const before = earlier.get(hash)
    // A transaction never blocks on its own lock, so a key that comes twice in one batch is refused here.
    if (!claimed[index] || seen.has(hash)) one.outcome = { error: stillRunning() }
    else if (before !== undefined) Object.assign(one, replayed(one.single.identified!, before))
    seen.add(hash)
  })
}

function replayed(
  identified: Identified,
  before: Parameters<typeof replay>[1]
): Pick<Pending, 'outcome' | 'isReplayed'> {
  try {
    return { outcome: { value: replay(identified, before) }, isReplayed: true }
  } catch (error) {
    return { outcome: { error } }
  }
}

async function takeIn(inname: Inname, fresh: readonly Pending[]): Promise<void> {
  const signals = fresh.map(({ single: { caller, signaal, traceId } }) => ({
    ...identifyVroegsignaal(inname.keys, signaalpartnerOf(caller), signaal),
    clientId: caller.id,
    traceId
  }))
  const received = await receiveVroegsignalen(inname, signals)
  const tally = openTally(inname)
  tally.add(received)
  await tally.write()
  fresh.forEach((one, index) => {
    const ontvangst = received[index]!
    one.outcome = { value: toEffect(ontvangst) }
    if (ontvangst.uitkomst === 'opgenomen') one.taken = ontvangst.sealed
  })
}

function toEffect(ontvangst: Ontvangst): Effect | { refused: Ontvangst } {
  if (!('id' in ontvangst)) return { refused: ontvangst }
  const { uitkomst, id, gemeentecode } = ontvangst
  return { status: uitkomst === 'opgenomen' ? 201 : 200, id, gemeentecode }
}

function toRemember({
  single: { caller, identified },
  outcome
}: Pending): { clientId: string; identified: Identified; effect: Effect }[] {
  const effect = effectOf(outcome)
  return identified === undefined || effect === undefined ? [] : [{ clientId: caller.id, identified, effect }]
}

// Signals stored by this batch are not read back. The others were taken in before, and that log line covers showing
// them again: the partner only sees what it sent.
async function readStanding(
  inname: Inname,
  pending: readonly Pending[]
): Promise<ReadonlyMap<string, GetoondSignaal>> {
  const ids = pending.flatMap(({ outcome, taken }) =>
    taken === undefined ? (effectOf(outcome)?.id ?? []) : []
  )
  const shown = await showVroegsignalen(inname, await listVroegsignalenById(inname.tx, [...new Set(ids)]))
  noteLogged(inname, ids)
  return new Map(shown.map((vroegsignaal) => [vroegsignaal.id, vroegsignaal]))
}

function answerOf(
  { single: { caller }, outcome, isReplayed = false, taken }: Pending,
  standing: ReadonlyMap<string, GetoondSignaal>
): Settled<SingleAnswer> {
  const effect = effectOf(outcome)
  if (effect === undefined) return outcome as Settled<SingleAnswer>
  const vroegsignaal = taken === undefined ? standing.get(effect.id) : showTaken(taken, caller)
  return { value: { status: effect.status, isReplayed, vroegsignaal } }
}

function showTaken(
  { row, inhoud, uitkomsten }: SealedVroegsignaal,
  { signaalpartnerNaam = '' }: Caller
): GetoondSignaal {
  return writeVroegsignaal({ ...row, status: 'ontvangen', signaalpartnerNaam }, inhoud, uitkomsten)
}

function effectOf(outcome: Pending['outcome']): Effect | undefined {
  return outcome !== undefined && 'value' in outcome && 'id' in outcome.value ? outcome.value : undefined
}

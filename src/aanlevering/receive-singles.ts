import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { openBatcher, type Settled } from '../platform/batch.ts'
import { isTemporary } from '../platform/database/database-errors.ts'
import { findRemembered } from '../platform/database/idempotency-store.ts'
import { claimKeys } from '../platform/database/locks.ts'
import { noteLogged } from '../sporen/log-processing.ts'
import type { Caller } from '../toegang/caller.ts'
import type { Actor, Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { type Effect, type Identified, rememberAll, replay, stillRunning } from '../toegang/once.ts'
import { identifyVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import { aangeleverdIn, showOwnVroegsignalen, showVroegsignaal } from '../vroegsignalen/show-vroegsignalen.ts'
import type { Vroegsignaal } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listVroegsignalenById } from '../vroegsignalen/vroegsignaal-store.ts'
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
      readonly vroegsignaal: Vroegsignaal | undefined
    }
  | { readonly refused: Ontvangst }

/**
 * Takes in single posts. Posts of one client that arrive while a batch of that client runs share the next transaction.
 * Each is answered only after the commit, and one bad signal never fails another.
 */
export function openSingles(hub: Hub): (single: Single) => Promise<SingleAnswer> {
  return openBatcher<Single, SingleAnswer>({
    maxBatch: 100,
    groupOf: ({ caller }) => caller.id,
    isShared: isTemporary,
    run: (singles) => hub.act(singles[0]!, (handeling) => receiveBatch(handeling, singles))
  })
}

/** A post and its answer so far. */
type Pending = {
  readonly single: Single
  outcome?: Settled<Effect | { refused: Ontvangst }>
  isReplayed?: boolean
  /** The signal, when this batch stored it. */
  taken?: SealedVroegsignaal
}

async function receiveBatch(
  handeling: Handeling,
  singles: readonly Single[]
): Promise<Settled<SingleAnswer>[]> {
  const pending: Pending[] = singles.map((single) => ({ single }))
  await answerRepeats(handeling, pending)
  const fresh = pending.filter(({ outcome }) => outcome === undefined)
  await takeIn(handeling, fresh)
  await rememberAll(handeling, fresh.flatMap(toRemember))
  const standing = await readStanding(handeling, pending)
  return pending.map((one) => answerOf(one, handeling.caller, standing))
}

async function answerRepeats({ tx, caller, now }: Handeling, pending: readonly Pending[]): Promise<void> {
  const keyed = pending.filter(({ single }) => single.identified !== undefined)
  if (keyed.length === 0) return
  const hashes = keyed.map(({ single }) => single.identified!.sleutelHash)
  const claimed = await claimKeys(tx, hashes)
  const earlier = await findRemembered(tx, caller.id, hashes, now)
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

async function takeIn(handeling: Handeling, fresh: readonly Pending[]): Promise<void> {
  const signals = fresh.map(({ single: { signaal, traceId } }) => ({
    ...identifyVroegsignaal(handeling.keys, signaal),
    traceId
  }))
  const received = await receiveVroegsignalen(handeling, signals)
  const tally = openTally(handeling)
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
  single: { identified },
  outcome
}: Pending): { identified: Identified; effect: Effect }[] {
  const effect = effectOf(outcome)
  return identified === undefined || effect === undefined ? [] : [{ identified, effect }]
}

// Signals stored by this batch are not read back. The others were taken in before, and that log line covers showing
// them again: the partner only sees what it sent.
async function readStanding(
  handeling: Handeling,
  pending: readonly Pending[]
): Promise<ReadonlyMap<string, Vroegsignaal>> {
  const ids = pending.flatMap(({ outcome, taken }) =>
    taken === undefined ? (effectOf(outcome)?.id ?? []) : []
  )
  const shown = await showOwnVroegsignalen(
    handeling,
    await listVroegsignalenById(handeling.tx, [...new Set(ids)])
  )
  noteLogged(handeling, ids)
  return new Map(shown.map((vroegsignaal) => [vroegsignaal.id, vroegsignaal]))
}

function answerOf(
  { outcome, isReplayed = false, taken }: Pending,
  caller: Caller,
  standing: ReadonlyMap<string, Vroegsignaal>
): Settled<SingleAnswer> {
  const effect = effectOf(outcome)
  if (effect === undefined) return outcome as Settled<SingleAnswer>
  const vroegsignaal = taken === undefined ? standing.get(effect.id) : showTaken(taken, caller)
  return { value: { status: effect.status, isReplayed, vroegsignaal } }
}

function showTaken({ row, inhoud }: SealedVroegsignaal, { signaalpartnerNaam = '' }: Caller): Vroegsignaal {
  const shown = { ...row, status: 'ontvangen', doorgezondenVan: null, signaalpartnerNaam } as const
  return showVroegsignaal(shown, aangeleverdIn(shown), inhoud)
}

function effectOf(outcome: Pending['outcome']): Effect | undefined {
  return outcome !== undefined && 'value' in outcome && 'id' in outcome.value ? outcome.value : undefined
}

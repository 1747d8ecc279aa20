import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { openBatcher, type Settled } from '../platform/batch.ts'
import { isTemporary } from '../platform/database/database-errors.ts'
import { claimKeys, findRemembered } from '../platform/database/idempotency-store.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { type Effect, type Identified, rememberAll, replay, stillRunning } from '../platform/http/once.ts'
import type { Caller } from '../toegang/caller.ts'
import { contextOf, signaalpartnerOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import type { NieuwSignaal } from '../vroegsignalen/aanname-store.ts'
import { listSignalsById, type SignaalRij } from '../vroegsignalen/vroegsignaal-store.ts'
import { type Ontvangst, receiveSignals } from './receive-signals.ts'
import { openTally } from './tally.ts'

/** One posted signal on its way in. */
export type Enkel = {
  readonly caller: Caller
  readonly traceId: string
  readonly signaal: AangeleverdSignaal
  /** Present when the request came with an Idempotency-Key. */
  readonly identified: Identified | undefined
}

/** What one post led to: the signal as it stands, or why it is not there. */
export type Enkelontvangst =
  | { readonly status: number; readonly isReplayed: boolean; readonly row: SignaalRij | undefined }
  | { readonly refused: Ontvangst }

/**
 * Takes in single posts: those of one client that come in while others of it are carried out share the next
 * transaction, and each is answered only after its commit. One bad signal never fails its neighbours.
 */
export function openSingles(hub: Hub): (enkel: Enkel) => Promise<Enkelontvangst> {
  return openBatcher<Enkel, Enkelontvangst>({
    maxBatch: 100,
    groupOf: ({ caller }) => caller.id,
    isShared: isTemporary,
    run: (singles) => hub.database.as(contextOf(singles[0]!.caller), (tx) => receiveBatch(tx, hub, singles))
  })
}

type Decided = {
  readonly enkel: Enkel
  outcome?: Settled<Effect | { refused: Ontvangst }>
  isReplayed?: boolean
  /** The row of a signal that was taken in just now. */
  row?: SignaalRij
}

async function receiveBatch(
  tx: Tx,
  { keys, clock }: Hub,
  singles: readonly Enkel[]
): Promise<Settled<Enkelontvangst>[]> {
  const { caller } = singles[0]!
  const now = clock()
  const decided: Decided[] = singles.map((enkel) => ({ enkel }))
  await answerRepeats(tx, caller.id, now, decided)

  const fresh = decided.filter(({ outcome }) => outcome === undefined)
  const herkomst = {
    signaalpartnerId: signaalpartnerOf(caller),
    clientId: caller.id,
    traceId: singles[0]!.traceId,
    traceIds: fresh.map(({ enkel }) => enkel.traceId),
    now
  }
  const received = await receiveSignals(
    tx,
    keys(),
    herkomst,
    fresh.map(({ enkel }) => enkel.signaal)
  )
  const tally = openTally(herkomst)
  tally.add(received)
  await tally.write(tx)
  fresh.forEach((one, index) => {
    const ontvangst = received[index]!
    one.outcome = { value: toEffect(ontvangst) }
    if ('row' in ontvangst) one.row = asShown(ontvangst.row, caller)
  })
  await rememberAll(tx, caller.id, now, fresh.flatMap(toRemember))

  const standing = decided.flatMap(({ outcome, row }) => (row === undefined && effectOf(outcome)) || [])
  const rows = await listSignalsById(
    tx,
    standing.map(({ id }) => id)
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return decided.map(({ outcome, isReplayed = false, row }) => {
    const effect = effectOf(outcome)
    if (effect !== undefined)
      return { value: { status: effect.status, isReplayed, row: row ?? byId.get(effect.id) } }
    return outcome as Settled<Enkelontvangst>
  })
}

async function answerRepeats(
  tx: Tx,
  clientId: string,
  now: Date,
  decided: readonly Decided[]
): Promise<void> {
  const keyed = decided.filter(({ enkel }) => enkel.identified !== undefined)
  if (keyed.length === 0) return
  const hashes = keyed.map(({ enkel }) => enkel.identified!.sleutelHash)
  const claimed = await claimKeys(tx, hashes)
  const earlier = await findRemembered(tx, clientId, hashes, now)
  const seen = new Set<string>()
  keyed.forEach((one, index) => {
    const hash = hashes[index]!.toString('hex')
    const before = earlier.get(hash)
    // The same key twice in one batch: a lock of our own does not stop us, so the second is told to wait.
    if (!claimed[index] || seen.has(hash)) one.outcome = { error: stillRunning() }
    else if (before !== undefined) Object.assign(one, replayed(one.enkel.identified!, before))
    seen.add(hash)
  })
}

function replayed(
  identified: Identified,
  before: Parameters<typeof replay>[1]
): Pick<Decided, 'outcome' | 'isReplayed'> {
  try {
    return { outcome: { value: replay(identified, before) }, isReplayed: true }
  } catch (error) {
    return { outcome: { error } }
  }
}

// What was written just now need not be read back.
function asShown(row: NieuwSignaal, { signaalpartnerNaam = '' }: Caller): SignaalRij {
  return { ...row, status: 'ontvangen', doorgezondenVan: null, signaalpartnerNaam }
}

function toEffect(ontvangst: Ontvangst): Effect | { refused: Ontvangst } {
  if (!('id' in ontvangst)) return { refused: ontvangst }
  const { uitkomst, id, gemeentecode } = ontvangst
  return { status: uitkomst === 'opgenomen' ? 201 : 200, id, gemeentecode }
}

function toRemember({
  enkel: { identified },
  outcome
}: Decided): { identified: Identified; effect: Effect }[] {
  const effect = effectOf(outcome)
  return identified === undefined || effect === undefined ? [] : [{ identified, effect }]
}

function effectOf(outcome: Decided['outcome']): Effect | undefined {
  return outcome !== undefined && 'value' in outcome && 'id' in outcome.value ? outcome.value : undefined
}

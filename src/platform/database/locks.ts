import { type RawBuilder, sql } from 'kysely'
import { keptPlan } from './name-statements.ts'
import type { Tx } from './open-database.ts'

/**
 * The order in which every transaction takes its locks, so that no two can deadlock. Locks that are only tried (an
 * Idempotency-Key, a partner's place for a delivery, the sweeper's rows) are outside it.
 */
const lockOrder = [
  'organisatie', // a municipality, partner or client that is changed
  'herleiding', // the addresses of a municipality: the herleider alone, who opens a case together
  'huishoudens', // the households of a municipality: matcher and sweeper alone, followers together; by gemeentecode
  'zaak', // a case, before its signals
  'vroegsignaal', // signals, by id
  'betwisting', // a contest, after its signal
  'overeenkomst', // the agreements that signals rest on
  'terugkoppeling', // the counter of a partner's feed, by partner
  'telling', // the counts
  'zegel', // the seals of the processing log of a municipality: the verzegelaar alone
  'abonnement' // a subscription, before its deliveries
] as const
export type Lock = (typeof lockOrder)[number]

const taken = new WeakMap<Tx, number>()

/** Call this before waiting for a lock; throws when the transaction already has one that comes later. */
export function inLockOrder(tx: Tx, lock: Lock): void {
  const position = lockOrder.indexOf(lock)
  const last = taken.get(tx) ?? 0
  if (position < last) throw new Error(`locked ${lock} after ${lockOrder[last]}`)
  taken.set(tx, position)
}

/** Locks the households of municipalities until the transaction ends: matcher and sweeper take turns. */
export async function lockHuishoudens(tx: Tx, ...gemeentecodes: readonly string[]): Promise<void> {
  inLockOrder(tx, 'huishoudens')
  await sql`select pg_advisory_xact_lock(${keyOf(sql`g`)})
    from unnest(${gemeentecodes.toSorted()}::text[]) as g order by g`.execute(tx)
}

/**
 * Locks the households of the municipalities that are not locked by another transaction; returns these municipalities.
 */
export async function lockFreeHuishoudens(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  inLockOrder(tx, 'huishoudens')
  const { rows } = await sql<{ gemeentecode: string }>`
    ${keptPlan} select gemeentecode from unnest(${[...gemeentecodes]}::text[]) as gemeentecode
    where pg_try_advisory_xact_lock(${keyOf(sql`gemeentecode`)})`.execute(tx)
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/**
 * Blocks publication of changes to households in these municipalities until the transaction ends. Numbers are taken
 * under `lockHuishoudens`, so whatever is not visible yet gets a higher number than everything that is.
 */
export async function holdHuishoudens(tx: Tx, gemeentecodes: readonly string[]): Promise<void> {
  inLockOrder(tx, 'huishoudens')
  await sql`select pg_advisory_xact_lock_shared(${keyOf(sql`g`)})
    from unnest(${gemeentecodes.toSorted()}::text[]) as g order by g`.execute(tx)
}

/** Locks the addresses of a municipality until the transaction ends: they are compared anew. */
export async function lockHerleiding(tx: Tx, gemeentecode: string): Promise<void> {
  inLockOrder(tx, 'herleiding')
  await sql`select pg_advisory_xact_lock(${herleidingKeyOf(gemeentecode)})`.execute(tx)
}

/** Locks the seals of the processing log of a municipality until the transaction ends; one instance at a time seals. */
export async function lockZegels(tx: Tx, gemeentecode: string): Promise<void> {
  inLockOrder(tx, 'zegel')
  await sql`select pg_advisory_xact_lock(hashtextextended(${`zegel|${gemeentecode}`}, 0))`.execute(tx)
}

/** Keeps the addresses of a municipality from being compared anew until the transaction ends. */
export async function holdHerleiding(tx: Tx, gemeentecode: string): Promise<void> {
  inLockOrder(tx, 'herleiding')
  await sql`select pg_advisory_xact_lock_shared(${herleidingKeyOf(gemeentecode)})`.execute(tx)
}

/** Takes the partner's only place for a delivery until the transaction ends; false when another delivery has it. */
export async function claimAanlevering(tx: Tx, signaalpartnerId: string): Promise<boolean> {
  const { rows } = await sql<{ geclaimd: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`aanlevering|${signaalpartnerId}`}, 0)) as geclaimd`.execute(
    tx
  )
  return rows[0]!.geclaimd
}

/** Takes Idempotency-Keys until the transaction ends; per key false when another transaction has it. */
export async function claimKeys(tx: Tx, sleutelHashes: readonly Buffer[]): Promise<boolean[]> {
  const locks = sleutelHashes.map((hash) => String(hash.readBigInt64BE(0)))
  const { rows } = await sql<{ geclaimd: boolean }>`
    select pg_try_advisory_xact_lock(lock) as geclaimd
    from unnest(${locks}::bigint[]) with ordinality as l(lock, nummer) order by nummer`.execute(tx)
  return rows.map(({ geclaimd }) => geclaimd)
}

function keyOf(gemeentecode: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`hashtextextended('huishoudens|' || ${gemeentecode}, 0)`
}

function herleidingKeyOf(gemeentecode: string): RawBuilder<unknown> {
  return sql`hashtextextended(${`herleiding|${gemeentecode}`}, 0)`
}

import { type RawBuilder, sql } from 'kysely'
import type { Tx } from './open-database.ts'

/**
 * The order in which a transaction may lock, everywhere; two that keep to it never wait for each other in a circle. Locks
 * that are only tried (an Idempotency-Key, a partner's place for a delivery, a sweeper's rows) stand outside it.
 */
const lockOrder = [
  'organisatie', // a municipality, partner or client that is changed
  'huishoudens', // the households of a municipality: matcher and sweeper alone, followers together; by gemeentecode
  'overeenkomst', // the agreements that signals rest on
  'zaak', // a case, before its signals
  'vroegsignaal', // signals, by id
  'betwisting', // a contest, after its signal
  'terugkoppeling', // the counter of a partner's feed, by partner
  'telling' // the counts
] as const
export type Lock = (typeof lockOrder)[number]

const taken = new WeakMap<Tx, number>()

/** Call it before a lock is waited for; throws when the transaction holds one that comes later. */
export function inLockOrder(tx: Tx, lock: Lock): void {
  const position = lockOrder.indexOf(lock)
  const last = taken.get(tx) ?? 0
  if (position < last) throw new Error(`locked ${lock} after ${lockOrder[last]}`)
  taken.set(tx, position)
}

/** Locks the households of a municipality until the transaction ends: matcher and sweeper never work on them at once. */
export async function lockHuishoudens(tx: Tx, gemeentecode: string): Promise<void> {
  inLockOrder(tx, 'huishoudens')
  await sql`select pg_advisory_xact_lock(${keyOf(sql`${gemeentecode}::text`)})`.execute(tx)
}

/** Locks the households of those municipalities that nobody else works on, and returns which these are. */
export async function lockFreeHuishoudens(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  inLockOrder(tx, 'huishoudens')
  const { rows } = await sql<{ gemeentecode: string }>`
    select gemeentecode from unnest(${[...gemeentecodes]}::text[]) as gemeentecode
    where pg_try_advisory_xact_lock(${keyOf(sql`gemeentecode`)})`.execute(tx)
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/**
 * Keeps the households of these municipalities as they are published now, until the transaction ends. Whoever publishes
 * takes its numbers under `lockHuishoudens`: what is not visible yet gets a higher number than all that is.
 */
export async function holdHuishoudens(tx: Tx, gemeentecodes: readonly string[]): Promise<void> {
  inLockOrder(tx, 'huishoudens')
  await sql`select pg_advisory_xact_lock_shared(${keyOf(sql`g`)})
    from unnest(${gemeentecodes.toSorted()}::text[]) as g order by g`.execute(tx)
}

/** Takes the partner's one place for a delivery until the transaction ends; false when it has one running. */
export async function claimAanlevering(tx: Tx, signaalpartnerId: string): Promise<boolean> {
  const { rows } = await sql<{ geclaimd: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`aanlevering|${signaalpartnerId}`}, 0)) as geclaimd`.execute(
    tx
  )
  return rows[0]!.geclaimd
}

/** Takes Idempotency-Keys for the rest of the transaction; per key false when another transaction has it now. */
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

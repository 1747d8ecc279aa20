import { sql } from 'kysely'
import { isOneOf } from './many.ts'
import { keptPlan } from './name-statements.ts'
import type { Tx } from './open-database.ts'

/** A request that was carried out: the hash that a repeat must match, and its result. */
export type Remembered = {
  vingerafdruk: Buffer
  status: number
  resultaatId: string
  gemeentecode: string | null
}

/** The remembered requests with these keys, each of a client, by the hex of the hash of the key. */
export async function findRemembered(
  tx: Tx,
  sleutels: readonly { readonly clientId: string; readonly sleutelHash: Buffer }[],
  now: Date
): Promise<Map<string, Remembered>> {
  // Looked up one by one (`offset 0` forces that), along the index of the key.
  const { rows } = await sql<Remembered & { sleutelHash: Buffer }>`
    ${keptPlan} select i.sleutel_hash, i.vingerafdruk, i.status, i.resultaat_id, i.gemeentecode
    from unnest(${sleutels.map(({ clientId }) => clientId)}::uuid[],
      ${sleutels.map(({ sleutelHash }) => sleutelHash)}::bytea[]) as s(client_id, sleutel_hash) cross join lateral (
        select * from idempotentie i
        where i.client_id = s.client_id and i.sleutel_hash = s.sleutel_hash and i.verloopt_op > ${now} offset 0) i`.execute(
    tx
  )
  return new Map(rows.map(({ sleutelHash, ...remembered }) => [sleutelHash.toString('hex'), remembered]))
}

/** Remembers requests; replaces expired ones with the same key. */
export async function remember(
  tx: Tx,
  rows: readonly (Remembered & { clientId: string; sleutelHash: Buffer; verlooptOp: Date })[]
): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('idempotentie')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['clientId', 'sleutelHash']).doUpdateSet(({ ref }) => ({
        vingerafdruk: ref('excluded.vingerafdruk'),
        status: ref('excluded.status'),
        gemeentecode: ref('excluded.gemeentecode'),
        resultaatId: ref('excluded.resultaatId'),
        verlooptOp: ref('excluded.verlooptOp')
      }))
    )
    .execute()
}

/**
 * Forgets the answers to the requests that led to these signals. Their keys stay for their term: a repeat would bring back
 * what was destroyed. Expects the duty `vernietiger`.
 */
export async function forgetAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .updateTable('idempotentie')
    .set({ vingerafdruk: Buffer.alloc(0), gemeentecode: null, resultaatId: '' })
    .where(isOneOf('resultaatId', 'text', ids))
    .execute()
}

import { sql } from 'kysely'
import type { Tx } from './open-database.ts'

/** A request that was carried out: what a repeat must be equal in, and what it led to. */
export type Remembered = {
  vingerafdruk: Buffer
  status: number
  resultaatId: string
  gemeentecode: string | null
}

/** Takes keys for the rest of the transaction; per key false when another transaction has it now. */
export async function claimKeys(tx: Tx, sleutelHashes: readonly Buffer[]): Promise<boolean[]> {
  const locks = sleutelHashes.map((hash) => String(hash.readBigInt64BE(0)))
  const { rows } = await sql<{ geclaimd: boolean }>`
    select pg_try_advisory_xact_lock(lock) as geclaimd
    from unnest(${locks}::bigint[]) with ordinality as l(lock, nummer) order by nummer`.execute(tx)
  return rows.map(({ geclaimd }) => geclaimd)
}

/** What is remembered of these keys, by the hex of their hash. */
export async function findRemembered(
  tx: Tx,
  clientId: string,
  sleutelHashes: readonly Buffer[],
  now: Date
): Promise<Map<string, Remembered>> {
  const rows = await tx
    .selectFrom('idempotentie')
    .select(['sleutelHash', 'vingerafdruk', 'status', 'resultaatId', 'gemeentecode'])
    .where('clientId', '=', clientId)
    .where('sleutelHash', 'in', [...sleutelHashes])
    .where('verlooptOp', '>', now)
    .execute()
  return new Map(rows.map(({ sleutelHash, ...remembered }) => [sleutelHash.toString('hex'), remembered]))
}

/** Remembers requests, over what has expired but still stood under their keys. */
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

import type { Tx } from './open-database.ts'

/** A request that was carried out: the hash that a repeat must match, and its result. */
export type Remembered = {
  vingerafdruk: Buffer
  status: number
  resultaatId: string
  gemeentecode: string | null
}

/** The remembered requests with these keys, by the hex of the hash of the key. */
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

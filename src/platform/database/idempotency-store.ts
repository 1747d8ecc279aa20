import type { Tx } from './open-database.ts'

/** A request that was carried out: what a repeat must be equal in, and what it led to. */
export type Remembered = {
  vingerafdruk: Buffer
  status: number
  resultaatId: string
  gemeentecode: string | null
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

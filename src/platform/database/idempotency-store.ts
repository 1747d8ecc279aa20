import { sql } from 'kysely'
import type { Tx } from './open-database.ts'

export type Remembered = {
  vingerafdruk: Buffer
  status: number
  resultaatId: string
  gemeentecode: string | null
}

/** Takes the key for the rest of the transaction; false when another transaction has it now. */
export async function claimKey(tx: Tx, sleutelHash: Buffer): Promise<boolean> {
  const lock = sleutelHash.readBigInt64BE(0)
  const { rows } = await sql<{ geclaimd: boolean }>`
    select pg_try_advisory_xact_lock(${lock}::bigint) as geclaimd`.execute(tx)
  return rows[0]!.geclaimd
}

export async function findRemembered(tx: Tx, clientId: string, sleutelHash: Buffer, now: Date) {
  return tx
    .selectFrom('idempotentie')
    .select(['vingerafdruk', 'status', 'resultaatId', 'gemeentecode'])
    .where('clientId', '=', clientId)
    .where('sleutelHash', '=', sleutelHash)
    .where('verlooptOp', '>', now)
    .executeTakeFirst()
}

export async function remember(
  tx: Tx,
  row: Remembered & { clientId: string; sleutelHash: Buffer; verlooptOp: Date }
): Promise<void> {
  await tx.insertInto('idempotentie').values(row).execute()
}

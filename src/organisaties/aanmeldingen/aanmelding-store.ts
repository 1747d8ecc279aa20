import type { Selectable } from 'kysely'
import type { Aanmeldingstatus } from '../../begrippen/organisatie.ts'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

export type AanmeldingRij = Selectable<Tables['aanmelding']>

/** The number of applications that wait for a decision, counted up to `most`. */
export async function countOpenAanmeldingen(tx: Tx, most: number): Promise<number> {
  const rows = await tx
    .selectFrom('aanmelding')
    .select('status')
    .where('status', '=', 'ontvangen')
    .limit(most)
    .execute()
  return rows.length
}

/** Stores an application; false when the same request did so before. */
export async function addAanmelding(tx: Tx, aanmelding: AanmeldingRij): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('aanmelding')
    .values(aanmelding)
    .onConflict((conflict) => conflict.column('verzoekHash').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

/** The application that a request made before; none for one without a hash. */
export async function findByVerzoek(
  tx: Tx,
  verzoekHash: Buffer | null
): Promise<Pick<AanmeldingRij, 'id' | 'status'> | undefined> {
  if (verzoekHash === null) return undefined
  return tx
    .selectFrom('aanmelding')
    .select(['id', 'status'])
    .where('verzoekHash', '=', verzoekHash)
    .executeTakeFirst()
}

/** Applications in the order in which they came, after `after`; with `status` only those. */
export async function listAanmeldingen(
  tx: Tx,
  { after, status }: { after: string | undefined; status: Aanmeldingstatus | undefined },
  limit: number
): Promise<AanmeldingRij[]> {
  return tx
    .selectFrom('aanmelding')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** One application. */
export async function findAanmelding(tx: Tx, id: string): Promise<AanmeldingRij | undefined> {
  return tx.selectFrom('aanmelding').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks an application until the transaction ends and returns it. */
export async function lockAanmelding(tx: Tx, id: string): Promise<AanmeldingRij | undefined> {
  inLockOrder(tx, 'organisatie')
  return tx.selectFrom('aanmelding').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

/** Saves what was decided. */
export async function saveBesluit(
  tx: Tx,
  { id, status, inhoud }: Pick<AanmeldingRij, 'id' | 'status' | 'inhoud'>
): Promise<void> {
  await tx.updateTable('aanmelding').set({ status, inhoud }).where('id', '=', id).execute()
}

/** Destroys the applications that are due. */
export async function destroyExpiredAanmeldingen(tx: Tx, vandaag: IsoDate): Promise<void> {
  await tx.deleteFrom('aanmelding').where('vernietigingsdatum', '<=', vandaag).execute()
}

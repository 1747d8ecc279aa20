import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type SignaalpartnerRij = Tables['signaalpartner']

const columns = ['id', 'naam', 'sectoren', 'kvkNummer', 'oin', 'status'] as const

/** Adds a partner. */
export async function addSignaalpartner(tx: Tx, partner: SignaalpartnerRij): Promise<void> {
  await tx.insertInto('signaalpartner').values(partner).execute()
}

/** The partner, if the caller may see it. */
export async function findSignaalpartner(tx: Tx, id: string): Promise<SignaalpartnerRij | undefined> {
  return tx.selectFrom('signaalpartner').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Locks a partner until the transaction ends and returns it. */
export async function lockSignaalpartner(tx: Tx, id: string): Promise<SignaalpartnerRij | undefined> {
  inLockOrder(tx, 'organisatie')
  return tx
    .selectFrom('signaalpartner')
    .select(columns)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Partners that the caller may see, in order of id, after `after`. */
export async function listSignaalpartners(tx: Tx, after: string | undefined, limit: number) {
  return tx
    .selectFrom('signaalpartner')
    .select(columns)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Saves everything of a partner except its id. */
export async function saveSignaalpartner(tx: Tx, { id, ...partner }: SignaalpartnerRij): Promise<void> {
  await tx.updateTable('signaalpartner').set(partner).where('id', '=', id).execute()
}

/** The municipalities with which a partner has or had an agreement, in order of code; no others have its signals. */
export async function listGemeentecodesOfPartner(tx: Tx, signaalpartnerId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('overeenkomst')
    .select('gemeentecode')
    .distinct()
    .where('signaalpartnerId', '=', signaalpartnerId)
    .orderBy('gemeentecode')
    .execute()
  return rows.map(({ gemeentecode }) => gemeentecode)
}

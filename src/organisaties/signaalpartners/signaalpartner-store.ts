import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type SignaalpartnerRij = Tables['signaalpartner']

const columns = ['id', 'naam', 'sectoren', 'kvkNummer', 'oin', 'status'] as const

export async function addSignaalpartner(tx: Tx, partner: SignaalpartnerRij): Promise<void> {
  await tx.insertInto('signaalpartner').values(partner).execute()
}

/** The partner as far as the caller may see it. */
export async function findSignaalpartner(tx: Tx, id: string): Promise<SignaalpartnerRij | undefined> {
  return tx.selectFrom('signaalpartner').select(columns).where('id', '=', id).executeTakeFirst()
}

export async function lockSignaalpartner(tx: Tx, id: string): Promise<SignaalpartnerRij | undefined> {
  return tx
    .selectFrom('signaalpartner')
    .select(columns)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Partners in order of id, after `after`. */
export async function listSignaalpartners(tx: Tx, after: string | undefined, limit: number) {
  return tx
    .selectFrom('signaalpartner')
    .select(columns)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function saveSignaalpartner(tx: Tx, { id, ...partner }: SignaalpartnerRij): Promise<void> {
  await tx.updateTable('signaalpartner').set(partner).where('id', '=', id).execute()
}

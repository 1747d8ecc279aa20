import type { Selectable } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type OvereenkomstRij = Selectable<Tables['overeenkomst']>
export type Partij = 'signaalpartner' | 'gemeente'
export type Ondertekening = { naam: string; functie: string; op: string }

const columns = [
  'gemeentecode',
  'id',
  'signaalpartnerId',
  'sectoren',
  'convenantversie',
  'ingangsdatum',
  'einddatum',
  'ingreep',
  'ondertekeningSignaalpartner',
  'ondertekeningGemeente'
] as const

const signatureColumn = {
  signaalpartner: 'ondertekeningSignaalpartner',
  gemeente: 'ondertekeningGemeente'
} as const

export async function addOvereenkomst(
  tx: Tx,
  overeenkomst: Omit<OvereenkomstRij, 'ingreep' | 'ondertekeningSignaalpartner' | 'ondertekeningGemeente'>
): Promise<void> {
  await tx.insertInto('overeenkomst').values(overeenkomst).execute()
}

/** The agreement if it is the caller's to see. */
export async function findOvereenkomst(tx: Tx, id: string): Promise<OvereenkomstRij | undefined> {
  return tx.selectFrom('overeenkomst').select(columns).where('id', '=', id).executeTakeFirst()
}

/** The agreement, held against change until the transaction ends; a signal that leans on it waits or goes first. */
export async function lockOvereenkomst(tx: Tx, id: string): Promise<OvereenkomstRij | undefined> {
  return tx.selectFrom('overeenkomst').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function listOvereenkomsten(
  tx: Tx,
  after: string | undefined,
  limit: number
): Promise<OvereenkomstRij[]> {
  return tx
    .selectFrom('overeenkomst')
    .select(columns)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function saveOvereenkomst(
  tx: Tx,
  id: string,
  changes: Partial<
    Pick<OvereenkomstRij, 'sectoren' | 'convenantversie' | 'ingangsdatum' | 'einddatum' | 'ingreep'>
  > & {
    ondertekeningSignaalpartner?: null
    ondertekeningGemeente?: null
  }
): Promise<void> {
  await tx.updateTable('overeenkomst').set(changes).where('id', '=', id).execute()
}

export async function signOvereenkomst(tx: Tx, id: string, partij: Partij, by: Ondertekening): Promise<void> {
  await tx
    .updateTable('overeenkomst')
    .set({ [signatureColumn[partij]]: JSON.stringify(by) })
    .where('id', '=', id)
    .execute()
}

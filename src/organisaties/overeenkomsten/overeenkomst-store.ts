import type { Selectable } from 'kysely'
import type { Partij } from '../../begrippen/organisatie.ts'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type OvereenkomstRij = Selectable<Tables['overeenkomst']>
/** A signature: name, function and instant. */
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

/** Adds an agreement that nobody has signed yet. */
export async function addOvereenkomst(
  tx: Tx,
  overeenkomst: Omit<OvereenkomstRij, 'ingreep' | 'ondertekeningSignaalpartner' | 'ondertekeningGemeente'>
): Promise<void> {
  await tx.insertInto('overeenkomst').values(overeenkomst).execute()
}

/** The agreement, if the caller may see it. */
export async function findOvereenkomst(tx: Tx, id: string): Promise<OvereenkomstRij | undefined> {
  return tx.selectFrom('overeenkomst').select(columns).where('id', '=', id).executeTakeFirst()
}

/**
 * Locks an agreement until the transaction ends and returns it. Waits for single signals that are being stored under
 * it, and makes new ones wait.
 */
export async function lockOvereenkomst(tx: Tx, id: string): Promise<OvereenkomstRij | undefined> {
  inLockOrder(tx, 'overeenkomst')
  return tx.selectFrom('overeenkomst').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Agreements that the caller may see, in order of id, after `after`. */
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

/** Changes an agreement; null removes a signature. */
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

/** Puts the signature of a party on an agreement. */
export async function signOvereenkomst(tx: Tx, id: string, partij: Partij, by: Ondertekening): Promise<void> {
  await tx
    .updateTable('overeenkomst')
    .set({ [signatureColumn[partij]]: JSON.stringify(by) })
    .where('id', '=', id)
    .execute()
}

/** The agreements of a municipality, in order of id. */
export async function listOvereenkomstenOf(tx: Tx, gemeentecode: string): Promise<OvereenkomstRij[]> {
  return agreementsOf(tx, gemeentecode).execute()
}

/** The same, locked until the transaction ends. */
export async function lockOvereenkomstenOf(tx: Tx, gemeentecode: string): Promise<OvereenkomstRij[]> {
  inLockOrder(tx, 'overeenkomst')
  return agreementsOf(tx, gemeentecode).forUpdate().execute()
}

function agreementsOf(tx: Tx, gemeentecode: string) {
  return tx.selectFrom('overeenkomst').select(columns).where('gemeentecode', '=', gemeentecode).orderBy('id')
}

/** Adds agreements with the signatures that they had with another municipality. */
export async function addVoortgezet(tx: Tx, rows: readonly OvereenkomstRij[]): Promise<void> {
  if (rows.length === 0) return
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value))
  await tx
    .insertInto('overeenkomst')
    .values(
      rows.map((row) => ({
        ...row,
        ondertekeningSignaalpartner: json(row.ondertekeningSignaalpartner),
        ondertekeningGemeente: json(row.ondertekeningGemeente)
      }))
    )
    .execute()
}

/** Ends agreements of a municipality; where `einddatum` is null, they keep the one they had. */
export async function endOvereenkomsten(
  tx: Tx,
  gemeentecode: string,
  ended: readonly Pick<OvereenkomstRij, 'id' | 'einddatum' | 'ingreep'>[]
): Promise<void> {
  for (const { id, einddatum, ingreep } of ended)
    await tx
      .updateTable('overeenkomst')
      .set({ ingreep, ...(einddatum !== null && { einddatum }) })
      .where('gemeentecode', '=', gemeentecode)
      .where('id', '=', id)
      .execute()
}

import type { Selectable } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'

export type VernietigingRij = Selectable<Tables['vernietiging']>

const columns = [
  'gemeentecode',
  'id',
  'volgnummer',
  'uitgevoerdOp',
  'aanleiding',
  'aantalVroegsignalen',
  'aantalHuishoudens',
  'bewijs'
] as const

/** The last record of a municipality's chain. */
export async function findLastVernietiging(tx: Tx, gemeentecode: string) {
  return tx
    .selectFrom('vernietiging')
    .select(['volgnummer', 'bewijs'])
    .where('gemeentecode', '=', gemeentecode)
    .orderBy('volgnummer', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function addVernietiging(tx: Tx, vernietiging: VernietigingRij): Promise<void> {
  await tx.insertInto('vernietiging').values(vernietiging).execute()
}

/** A record the caller may see: its own municipality's, or all of them for the operator. */
export async function findVernietiging(tx: Tx, id: string): Promise<VernietigingRij | undefined> {
  return tx.selectFrom('vernietiging').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Records, newest first, before `before`. */
export async function listVernietigingen(
  tx: Tx,
  before: string | undefined,
  limit: number
): Promise<VernietigingRij[]> {
  return tx
    .selectFrom('vernietiging')
    .select(columns)
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Forgets the idempotent answers that led to these signals. */
export async function forgetAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .deleteFrom('idempotentie')
    .where(isOneOf('resultaatId', 'text', ids))
    .execute()
}

/** Forgets the idempotent answers whose term is over. */
export async function forgetExpiredAnswers(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('idempotentie').where('verlooptOp', '<=', now).execute()
}

/** Forgets the used assertions that have expired. */
export async function forgetExpiredAssertions(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('gebruikteAssertie').where('verlooptOp', '<=', now).execute()
}

/** Ends objections whose term is over. */
export async function destroyExpiredBezwaren(tx: Tx, gemeentecode: string, vandaag: string): Promise<void> {
  await tx
    .deleteFrom('bezwaar')
    .where('gemeentecode', '=', gemeentecode)
    .where('einddatum', '<', vandaag)
    .execute()
}

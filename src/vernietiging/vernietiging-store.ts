import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { dueOn, type Vervaldag } from '../platform/database/many.ts'
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

/** The last record of the chain of each of these municipalities that has one, by municipality. */
export async function listLastVernietigingen(
  tx: Tx,
  gemeentecodes: readonly string[]
): Promise<Map<string, Pick<VernietigingRij, 'volgnummer' | 'bewijs'>>> {
  const { rows } = await sql<Pick<VernietigingRij, 'gemeentecode' | 'volgnummer' | 'bewijs'>>`
    select l.* from unnest(${[...gemeentecodes]}::text[]) as g cross join lateral (
      select gemeentecode, volgnummer, bewijs from vernietiging
      where gemeentecode = g order by volgnummer desc limit 1) l`.execute(tx)
  return new Map(rows.map((row) => [row.gemeentecode, row]))
}

export async function addVernietigingen(tx: Tx, vernietigingen: readonly VernietigingRij[]): Promise<void> {
  await tx.insertInto('vernietiging').values(vernietigingen).execute()
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

/** Records of the chain of a municipality after a number, in order. */
export async function listChain(
  tx: Tx,
  gemeentecode: string,
  after: number,
  limit: number
): Promise<VernietigingRij[]> {
  return tx
    .selectFrom('vernietiging')
    .select(columns)
    .where('gemeentecode', '=', gemeentecode)
    .where('volgnummer', '>', after)
    .orderBy('volgnummer')
    .limit(limit)
    .execute()
}

/** The municipalities of which the caller may see records of destruction. */
export async function listChainedGemeenten(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('vernietiging')
    .select('gemeentecode')
    .distinct()
    .orderBy('gemeentecode')
    .execute()
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/** Forgets the idempotent answers whose term is over. */
export async function forgetExpiredAnswers(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('idempotentie').where('verlooptOp', '<=', now).execute()
}

/** Forgets the used assertions that have expired. */
export async function forgetExpiredAssertions(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('gebruikteAssertie').where('verlooptOp', '<=', now).execute()
}

/** Forgets what clients used of their quota on days that are over. */
export async function forgetDagverbruik(tx: Tx, vandaag: string): Promise<void> {
  await tx.deleteFrom('dagverbruik').where('dag', '<', vandaag).execute()
}

/** Ends objections whose term was over after these days. */
export async function destroyExpiredBezwaren(tx: Tx, due: readonly Vervaldag[]): Promise<void> {
  await sql`delete from bezwaar b using ${dueOn('d', due)}
    where b.gemeentecode = d.gemeentecode and b.einddatum = d.dag`.execute(tx)
}

import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A seal of the processing log of a municipality. */
export type ZegelRij = Selectable<Tables['verwerkingszegel']>

/** How many sheets there are, and a hash of all that they hold. */
export type Bladen = { readonly aantal: number; readonly hash: string }

/** The last seal of a municipality; undefined before the first. Expects the lock on its seals. */
export async function findLastZegel(tx: Tx, gemeentecode: string): Promise<ZegelRij | undefined> {
  return tx
    .selectFrom('verwerkingszegel')
    .selectAll()
    .where('gemeentecode', '=', gemeentecode)
    .orderBy('volgnummer', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The first day with sheets of a municipality, from a day on when one is given; undefined when there is none. */
export async function findDagMetBladen(
  tx: Tx,
  gemeentecode: string,
  van: IsoDate = '1900-01-01'
): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ dag: IsoDate | null }>`
    select (min(op) at time zone 'Europe/Amsterdam')::date as dag from verwerkingsblad
    where gemeentecode = ${gemeentecode} and op >= ${van}::date::timestamp at time zone 'Europe/Amsterdam'`.execute(
    tx
  )
  return rows[0]?.dag ?? undefined
}

/** The sheets of a municipality from the first day to the last. */
export async function countBladen(
  tx: Tx,
  gemeentecode: string,
  van: IsoDate,
  totEnMet: IsoDate
): Promise<Bladen> {
  const { rows } = await sql<Bladen>`
    select aantal, hash from verwerkingen_hash(${gemeentecode}, ${van}::date, ${totEnMet}::date)`.execute(tx)
  return rows[0]!
}

/** Adds a seal. */
export async function addZegel(tx: Tx, zegel: ZegelRij): Promise<void> {
  await tx.insertInto('verwerkingszegel').values(zegel).execute()
}

/** Seals of a municipality in order, after a number. */
export async function listZegels(
  tx: Tx,
  gemeentecode: string,
  after: number,
  limit: number
): Promise<ZegelRij[]> {
  return tx
    .selectFrom('verwerkingszegel')
    .selectAll()
    .where('gemeentecode', '=', gemeentecode)
    .where('volgnummer', '>', after)
    .orderBy('volgnummer')
    .limit(limit)
    .execute()
}

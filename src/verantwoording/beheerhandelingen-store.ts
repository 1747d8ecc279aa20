import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** Who changed an organisation, agreement or client, when, and which of its fields. */
export type BeheerhandelingRij = Selectable<Tables['beheerhandeling']>

/** Which changes are wanted. */
export type Beheerfilter = {
  readonly van?: IsoDate
  readonly totEnMet?: IsoDate
  readonly objectId?: string
}

/** Changes to organisations, agreements and clients, newest first, after `after`. */
export async function listBeheerhandelingen(
  tx: Tx,
  { van, totEnMet, objectId }: Beheerfilter,
  after: string | undefined,
  limit: number
): Promise<BeheerhandelingRij[]> {
  const conditions: RawBuilder<unknown>[] = [
    sql`true`,
    ...(after === undefined ? [] : [sql`id < ${after}`]),
    ...(van === undefined ? [] : [sql`op >= ${van}::date::timestamp at time zone 'Europe/Amsterdam'`]),
    ...(totEnMet === undefined
      ? []
      : [sql`op < (${totEnMet}::date + 1)::timestamp at time zone 'Europe/Amsterdam'`]),
    ...(objectId === undefined ? [] : [sql`${objectId} = any (object_ids)`])
  ]
  const { rows } = await sql<BeheerhandelingRij>`
    select * from beheerhandeling where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit}`.execute(
    tx
  )
  return rows
}

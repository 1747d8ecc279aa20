import { type RawBuilder, sql } from 'kysely'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A line of the processing log: one resident, or one address, in one processing. */
export type VerwerkingRij = {
  gemeentecode: string
  id: string
  nummer: number
  traceId: string
  activiteit: Verwerkingsactiviteit
  clientId: string | null
  signaalpartnerId: string | null
  betrokkenePseudoniem: Buffer
  objectId: string
  op: Date
  gebruiker: string | null
}

/** Which lines are wanted. */
export type Verwerkingsfilter = {
  readonly van?: IsoDate
  readonly totEnMet?: IsoDate
  /** Row id of the client. */
  readonly clientId?: string
  readonly activiteit?: Verwerkingsactiviteit
  readonly objectId?: string
}

/** The last line of the previous page. */
export type Regelpositie = { readonly id: string; readonly nummer: number }

/**
 * Lines of these municipalities, newest sheet first. Reads the sheets of each municipality in the order of its key and no
 * more of them than fill the page, for each has a line at least.
 */
export async function listVerwerkingen(
  tx: Tx,
  gemeentecodes: readonly string[],
  filter: Verwerkingsfilter,
  after: Regelpositie | undefined,
  limit: number
): Promise<VerwerkingRij[]> {
  const { objectId } = filter
  const { rows } = await sql<VerwerkingRij>`
    select b.gemeentecode, b.id, regel.nummer::integer as nummer, b.trace_id, b.activiteit, b.client_id,
      b.signaalpartner_id, regel.betrokkene_pseudoniem, regel.object_id, b.op, b.gebruiker
    from (
      select v.* from unnest(${[...gemeentecodes]}::text[]) as lijst(eigenaar) cross join lateral (
        select * from verwerkingsblad where gemeentecode = lijst.eigenaar and ${conditionOf(filter, after)}
        order by id desc limit ${limit + 1}
      ) v order by v.id desc limit ${limit + 1}
    ) b cross join lateral unnest(b.betrokkene_pseudoniemen, b.object_ids)
      with ordinality as regel(betrokkene_pseudoniem, object_id, nummer)
    where ${after === undefined ? sql`true` : sql`(b.id < ${after.id} or regel.nummer > ${after.nummer})`}
      and ${objectId === undefined ? sql`true` : sql`regel.object_id = ${objectId}`}
    order by b.id desc, regel.nummer limit ${limit}`.execute(tx)
  return rows
}

function conditionOf(
  { van, totEnMet, clientId, activiteit, objectId }: Verwerkingsfilter,
  after: Regelpositie | undefined
): RawBuilder<unknown> {
  return sql.join(
    [
      sql`true`,
      ...(after === undefined ? [] : [sql`id <= ${after.id}`]),
      ...(van === undefined ? [] : [sql`op >= ${van}::date::timestamp at time zone 'Europe/Amsterdam'`]),
      ...(totEnMet === undefined
        ? []
        : [sql`op < (${totEnMet}::date + 1)::timestamp at time zone 'Europe/Amsterdam'`]),
      ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
      ...(activiteit === undefined ? [] : [sql`activiteit = ${activiteit}`]),
      ...(objectId === undefined ? [] : [sql`${objectId}::uuid = any (object_ids)`])
    ],
    sql` and `
  )
}

/** The row ids and client ids of clients, also revoked ones: of those with these row ids or this client id. */
export async function listClients(
  tx: Tx,
  { ids = [], clientId = '' }: { ids?: readonly string[]; clientId?: string }
): Promise<{ id: string; clientId: string }[]> {
  return tx
    .selectFrom('client')
    .select(['id', 'clientId'])
    .where((where) => where.or([where('clientId', '=', clientId), isOneOf('id', 'uuid', ids)]))
    .execute()
}

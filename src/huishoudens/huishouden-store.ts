import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Adresindicatiebron, Matchsoort } from '../begrippen/huishouden.ts'
import type { Tables } from '../begrippen/tables.ts'
import type { Sector } from '../begrippen/vroegsignaal.ts'
import { isAmong, listOf } from '../platform/database/many.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'
import {
  columnsSql,
  groupRows,
  type huishoudenColumns,
  orderSql,
  type Rij,
  type Signaaldelen,
  type signalColumns,
  signalsSql
} from './huishouden-columns.ts'

/** A household as it is read, with its signals as far as they are asked for and the reader may see them, in any order. */
export type HuishoudenRij = Pick<
  Selectable<Tables['huishouden']>,
  (typeof huishoudenColumns)[number] | 'vroegsignaalIds'
> & {
  /** What is shown of it besides its address and its signals: JSON without the last brace. */
  readonly getoond: string
  readonly vroegsignalen: readonly SignaalVanHuishouden[]
}

/** A signal as it is read with its household. */
type SignaalVanHuishouden = Pick<
  Selectable<Tables['vroegsignaal']>,
  (typeof signalColumns)[number] | 'gemeentecode' | 'id'
> & {
  readonly signaalpartnerNaam: string
  readonly beoordeling?: Buffer | null
}

/** Filters on a municipality's list; an absent one does not apply. */
export type Filter = {
  matchsoort?: Matchsoort | undefined
  crisis?: boolean | undefined
  jongere?: boolean | undefined
  sector?: Sector | undefined
  minimumbedragInCenten?: number | undefined
  /** True: no signal waits to be taken up; false: at least one does. */
  opgepakt?: boolean | undefined
  /** True: a signal still waits after its reactiedatum. */
  telaat?: boolean | undefined
  /** True: a crisis, a match or a young person. */
  voorrang?: boolean | undefined
  /** Whether the address is marked as doubtful, or which source says so. */
  adresindicatie?: 'true' | 'false' | Adresindicatiebron | undefined
  /** Whether the address register holds the address; where it holds nothing on the postcode, neither applies. */
  adresBekend?: boolean | undefined
}

/** The sort key of the last household on the previous page. */
export type Positie = { urgentie: number; reactiedatum: IsoDate; gemeentecode: string; id: string }

/** Households as they were read. */
export type Gelezen = {
  readonly rows: readonly HuishoudenRij[]
  /** The municipalities concerned that must be matched first, since they have marks. */
  readonly due: readonly string[]
}

// A reader of more municipalities than this takes the households of all in order: reading each municipality on its own
// would take longer than leaving out those of others.
const fewGemeenten = 32

/**
 * A page of households, most urgent first: a waiting crisis, a waiting young person, anything else that waits, and last
 * what is taken up; within each the earliest reactiedatum.
 */
export async function listHuishoudens(
  tx: Tx,
  gemeentecodes: readonly string[],
  filter: Filter,
  after: Positie | undefined,
  limit: number,
  delen: Signaaldelen = 'inhoud'
): Promise<Gelezen> {
  const lijst = { gemeentecodes, conditions: conditionsOf(filter), after }
  const page = gemeentecodes.length > fewGemeenten ? pageOfMany(lijst, limit) : pageOf(lijst, limit)
  const { rows } = await sql<Rij>`
    ${keptPlan} select d.is_due, h.* from (select ${isDue(gemeentecodes)} as is_due) d
      left join (${withSignals(page, delen)}) h on true order by ${sql.raw(orderSql)}, nr`.execute(tx)
  return {
    // Without households there is one row, which says only whether any are due.
    rows: householdsOf(rows.filter(({ idVanHuishouden }) => idVanHuishouden !== null)),
    due: rows[0]!.isDue ? gemeentecodes : []
  }
}

function withSignals(
  households: RawBuilder<unknown>,
  delen: Signaaldelen,
  more: RawBuilder<unknown> = sql``
): RawBuilder<Rij> {
  return sql`select ${sql.raw(columnsSql[delen])}${more} from (${households}) h ${sql.raw(signalsSql[delen])}`
}

function householdsOf(rows: readonly Rij[]): readonly HuishoudenRij[] {
  return groupRows(rows) as HuishoudenRij[]
}

type Lijst = {
  readonly gemeentecodes: readonly string[]
  readonly conditions: readonly RawBuilder<boolean>[]
  readonly after: Positie | undefined
}

const sortKey = sql`urgentie, reactiedatum, gemeentecode, id`
const order = sql`order by ${sortKey}`

function listed({ gemeentecodes, after }: Lijst): RawBuilder<unknown> {
  const grenzen = gemeentecodes.map((gemeentecode) => boundOf(gemeentecode, after))
  return sql`unnest(${[...gemeentecodes]}::text[], ${grenzen}::uuid[]) as lijst(gemeentecode, grens)`
}

// Reads each municipality on its own: only then does the query follow the index and stop at the end of the page.
function pageOf(lijst: Lijst, limit: number): RawBuilder<unknown> {
  return sql`select h.* from ${listed(lijst)} cross join lateral (
    select * from huishouden h where h.gemeentecode = lijst.gemeentecode
      and ${sql.join([startOf(lijst), ...lijst.conditions], sql` and `)}
    order by urgentie, reactiedatum, id limit ${limit}) h ${order} limit ${limit}`
}

// In the order of all municipalities together; the policy leaves out those of others.
function pageOfMany({ conditions, after }: Lijst, limit: number): RawBuilder<unknown> {
  const start =
    after === undefined
      ? sql`true`
      : sql`(${sortKey}) > (${after.urgentie}::smallint, ${after.reactiedatum}::date, ${after.gemeentecode}, ${after.id}::uuid)`
  return sql`select * from huishouden h where ${sql.join([start, ...conditions], sql` and `)}
    ${order} limit ${limit}`
}

function startOf({ after }: Lijst): RawBuilder<boolean> {
  if (after === undefined) return sql`true`
  const { urgentie, reactiedatum } = after
  return sql`(urgentie, reactiedatum, id) > (${urgentie}::smallint, ${reactiedatum}::date, lijst.grens)`
}

// In a subquery of its own it is asked once, and not for each household.
function isDue(gemeentecodes: readonly string[]): RawBuilder<boolean> {
  return sql`(select is_gemarkeerd(${[...gemeentecodes]}::text[]))`
}

const lowestId = '00000000-0000-0000-0000-000000000000'
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

// Among households equally urgent as the last one shown, earlier municipalities have been shown and later ones have
// not.
function boundOf(gemeentecode: string, after: Positie | undefined): string {
  if (after === undefined || gemeentecode > after.gemeentecode) return lowestId
  return gemeentecode < after.gemeentecode ? highestId : after.id
}

const conditions: {
  [Name in keyof Filter]-?: (wanted: NonNullable<Filter[Name]>) => RawBuilder<boolean>
} = {
  matchsoort: (wanted) => sql`${wanted} = any (matchsoorten)`,
  crisis: (wanted) => sql`crisis = ${wanted}`,
  jongere: (wanted) => sql`jongere = ${wanted}`,
  sector: (wanted) => sql`${wanted} = any (sectoren)`,
  minimumbedragInCenten: (wanted) => sql`totaalbedrag_in_centen >= ${wanted}`,
  opgepakt: (wanted) => sql`(open_reactiedatum is null) = ${wanted}`,
  telaat: (wanted) => sql`coalesce(open_reactiedatum < hub_vandaag(), false) = ${wanted}`,
  voorrang: (wanted) => sql`(crisis or jongere or matchsoorten <> array['enkelvoudig']) = ${wanted}`,
  adresindicatie: indicated,
  adresBekend: (wanted) => sql`adres_bekend = ${wanted}`
}

function conditionsOf(filter: Filter): RawBuilder<boolean>[] {
  const asked = Object.entries(filter).filter(([, wanted]) => wanted !== undefined)
  return asked.map(([name, wanted]) => conditions[name as keyof Filter](wanted as never))
}

function indicated(wanted: NonNullable<Filter['adresindicatie']>): RawBuilder<boolean> {
  if (wanted === 'true') return sql<boolean>`adresindicatie_bron is not null`
  if (wanted === 'false') return sql<boolean>`adresindicatie_bron is null`
  return sql<boolean>`adresindicatie_bron = ${wanted}`
}

/** The household with this id, if it is in one of these municipalities. */
export async function readHuishouden(
  tx: Tx,
  gemeentecodes: readonly string[],
  id: string,
  delen: Signaaldelen = 'inhoud'
): Promise<Gelezen> {
  return gelezen(
    tx,
    sql`select * from huishouden h
      where id = ${id} and ${isAmong('gemeentecode', gemeentecodes)}`,
    delen
  )
}

/** Households on these addresses, in order of municipality and id, after `after`. */
export async function listHuishoudensOnAdressen(
  tx: Tx,
  adressen: readonly Buffer[],
  after: Positie | undefined,
  limit: number,
  delen: Signaaldelen
): Promise<Gelezen> {
  const { gemeentecode = '', id = lowestId } = after ?? {}
  // An address may have signals that have no household yet.
  const { rows: places } = await sql<{ gemeentecode: string; isDue: boolean }>`
    select p.gemeentecode, ${isMarked('p')} as is_due from (
      select distinct v.gemeentecode from unnest(${[...adressen]}::bytea[]) as a(adres_index) cross join lateral (
        select gemeentecode from vroegsignaal v where v.adres_index = a.adres_index offset 0) v) p`.execute(
    tx
  )
  const { rows, due } = await gelezen(
    tx,
    sql`select h.* from (select distinct unnest(${[...adressen]}::bytea[]) as adres_index) a cross join lateral (
      select * from huishouden h
      where h.adres_index = a.adres_index and (h.gemeentecode, h.id) > (${gemeentecode}, ${id}::uuid) offset 0) h
    order by h.gemeentecode, h.id limit ${limit}`,
    delen
  )
  return {
    rows,
    due: [...new Set([...due, ...places.flatMap((place) => (place.isDue ? place.gemeentecode : []))])]
  }
}

/** The caller's households with these ids, in any order. */
export async function listHuishoudensById(
  tx: Tx,
  ids: readonly string[],
  delen: Signaaldelen
): Promise<readonly HuishoudenRij[]> {
  if (ids.length === 0) return []
  const found = sql`select h.* from unnest(${listOf('uuid', ids)}) as gezocht(id) cross join lateral (
    select * from huishouden h where h.id = gezocht.id offset 0) h`
  const { rows } = await withSignals(found, delen).execute(tx)
  return householdsOf(rows)
}

async function gelezen(tx: Tx, query: RawBuilder<unknown>, delen: Signaaldelen): Promise<Gelezen> {
  const marked = sql`select q.*, ${isMarked('q')} as is_due from (${query}) q`
  const { rows } = await sql<Rij & { gemeentecode: string; isDue: boolean }>`
    select h.* from (${withSignals(marked, delen, sql`, h.is_due`)}) h
    order by h.gemeentecode, h.id_van_huishouden, h.nr`.execute(tx)
  const due = rows.flatMap((row) => (row.isDue ? row.gemeentecode : []))
  return { rows: householdsOf(rows), due: [...new Set(due)] }
}

function isMarked(alias: string): RawBuilder<boolean> {
  return sql`exists (select from huishouden_markering m where m.gemeentecode = ${sql.ref(`${alias}.gemeentecode`)})`
}

/** Marks that the address of a household may be wrong; null removes the mark. */
export async function saveAdresindicatie(
  tx: Tx,
  gemeentecode: string,
  id: string,
  indicatie: { bron: Adresindicatiebron; datum: IsoDate } | null
): Promise<void> {
  await tx
    .updateTable('huishouden')
    .set({ adresindicatieBron: indicatie?.bron ?? null, adresindicatieDatum: indicatie?.datum ?? null })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

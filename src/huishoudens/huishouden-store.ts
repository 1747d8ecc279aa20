import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Adresindicatiebron, Matchsoort } from '../begrippen/huishouden.ts'
import type { Tables } from '../begrippen/tables.ts'
import type { Sector } from '../begrippen/vroegsignaal.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

const columns = [
  'gemeentecode',
  'id',
  'adresIndex',
  'matchsoorten',
  'crisis',
  'jongere',
  'vroegsignaalIds',
  'aantalSignalen',
  'aantalSignaalpartners',
  'sectoren',
  'totaalbedragInCenten',
  'eersteSignaalOp',
  'laatsteSignaalOp',
  'reactiedatum',
  'geplandeDatum',
  'urgentie',
  'opgepakt',
  'adresindicatieBron',
  'adresindicatieDatum',
  'adresBekend'
] as const

/** A household as it is read; without its signals, which it names by id. */
export type HuishoudenRij = Pick<Selectable<Tables['huishouden']>, (typeof columns)[number]>

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

/**
 * A page of households, most urgent first: a waiting crisis, a waiting young person, anything else that waits, and last
 * what is taken up; within each the earliest reactiedatum.
 */
export async function listHuishoudens(
  tx: Tx,
  gemeentecodes: readonly string[],
  filter: Filter,
  after: Positie | undefined,
  limit: number
): Promise<HuishoudenRij[]> {
  // Reads each municipality on its own: only then does the query follow the index and stop at the end of the page.
  const grenzen = gemeentecodes.map((gemeentecode) => boundOf(gemeentecode, after))
  const lijsten = sql<{
    gemeentecode: string
    grens: string
  }>`unnest(${[...gemeentecodes]}::text[], ${grenzen}::uuid[])`.as<'lijst'>(sql`lijst(gemeentecode, grens)`)
  return tx
    .selectFrom(lijsten)
    .crossJoinLateral(({ selectFrom }) => {
      const query = selectFrom('huishouden')
        .select(columns)
        .whereRef('huishouden.gemeentecode', '=', 'lijst.gemeentecode')
        .where((where) => where.and(conditionsOf(filter)))
        .orderBy('urgentie')
        .orderBy('reactiedatum')
        .orderBy('huishouden.id')
        .limit(limit)
      if (after === undefined) return query.as('h')
      const { urgentie, reactiedatum } = after
      return query
        .where(
          sql<boolean>`(urgentie, reactiedatum, id) > (${urgentie}::smallint, ${reactiedatum}::date, lijst.grens)`
        )
        .as('h')
    })
    .select(columns.map((name) => `h.${name}` as const))
    .orderBy('h.urgentie')
    .orderBy('h.reactiedatum')
    .orderBy('h.gemeentecode')
    .orderBy('h.id')
    .limit(limit)
    .execute()
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
export async function findHuishouden(
  tx: Tx,
  gemeentecodes: readonly string[],
  id: string
): Promise<HuishoudenRij | undefined> {
  return tx
    .selectFrom('huishouden')
    .select(columns)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Households on these addresses, in order of municipality and id, after `after`. */
export async function listHuishoudensOnAdressen(
  tx: Tx,
  gemeentecodes: readonly string[],
  adressen: readonly Buffer[],
  after: Positie | undefined,
  limit: number
): Promise<HuishoudenRij[]> {
  return tx
    .selectFrom('huishouden')
    .select(columns)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where(isOneOf('adresIndex', 'bytea', adressen))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(gemeentecode, id) > (${after!.gemeentecode}, ${after!.id}::uuid)`)
    )
    .orderBy('gemeentecode')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** The households with these ids in these municipalities, in any order. */
export async function listHuishoudensById(
  tx: Tx,
  gemeentecodes: readonly string[],
  ids: readonly string[]
): Promise<HuishoudenRij[]> {
  if (ids.length === 0) return []
  return tx
    .selectFrom('huishouden')
    .select(columns)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where(isOneOf('id', 'uuid', ids))
    .execute()
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

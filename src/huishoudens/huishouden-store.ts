import { type Selectable, sql } from 'kysely'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { IsoDate } from '../time.ts'
import type { Sector } from '../vroegsignalen/vroegsignaal.ts'

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
  'opgepakt',
  'adresindicatieBron',
  'adresindicatieDatum'
] as const

export type HuishoudenRij = Pick<Selectable<Tables['huishouden']>, (typeof columns)[number]>

/** How a municipality's list may be narrowed; what is absent does not narrow. */
export type Filter = {
  matchsoort?: 'enkelvoudig' | 'meervoudig' | 'opeenvolgend' | undefined
  crisis?: boolean | undefined
  jongere?: boolean | undefined
  sector?: Sector | undefined
  minimumbedragInCenten?: number | undefined
  /** True: no signal waits to be taken up; false: at least one does. */
  opgepakt?: boolean | undefined
  /** True: a signal still waits after its day has passed. */
  telaat?: boolean | undefined
  /** True: a crisis, a match or a young person. */
  voorrang?: boolean | undefined
  /** Whether the address may be wrong, or who says so. */
  adresindicatie?: 'true' | 'false' | 'laa' | 'eigen-onderzoek' | undefined
}

/** Where a page begins: the sort key of the last household of the page before. */
export type Positie = { crisis: boolean; reactiedatum: IsoDate; gemeentecode: string; id: string }

/** A page of households, newest need first: crises, then the earliest day by which something must be done. */
export async function listHouseholds(
  tx: Tx,
  gemeentecodes: readonly string[],
  filter: Filter,
  after: Positie | undefined,
  limit: number
): Promise<HuishoudenRij[]> {
  let query = tx
    .selectFrom('huishouden')
    .select(columns)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .orderBy('crisis', 'desc')
    .orderBy('reactiedatum')
    .orderBy('gemeentecode')
    .orderBy('id')
    .limit(limit)
  if (filter.crisis !== undefined) query = query.where('crisis', '=', filter.crisis)
  if (filter.jongere !== undefined) query = query.where('jongere', '=', filter.jongere)
  if (filter.minimumbedragInCenten !== undefined) {
    query = query.where('totaalbedragInCenten', '>=', filter.minimumbedragInCenten)
  }
  if (filter.matchsoort !== undefined)
    query = query.where(sql<boolean>`${filter.matchsoort} = any (matchsoorten)`)
  if (filter.sector !== undefined) query = query.where(sql<boolean>`${filter.sector} = any (sectoren)`)
  if (filter.opgepakt !== undefined) {
    query = query.where('openReactiedatum', filter.opgepakt ? 'is' : 'is not', null)
  }
  if (filter.telaat !== undefined) {
    query = query.where(sql<boolean>`coalesce(open_reactiedatum < hub_vandaag(), false) = ${filter.telaat}`)
  }
  if (filter.voorrang !== undefined) {
    query = query.where(
      sql<boolean>`(crisis or jongere or matchsoorten <> array['enkelvoudig']) = ${filter.voorrang}`
    )
  }
  if (filter.adresindicatie !== undefined) query = query.where(indicated(filter.adresindicatie))
  if (after !== undefined) {
    const { crisis, reactiedatum, gemeentecode, id } = after
    query = query.where(
      sql<boolean>`(not crisis, reactiedatum, gemeentecode, id) > (${!crisis}, ${reactiedatum}::date, ${gemeentecode}, ${id}::uuid)`
    )
  }
  return query.execute()
}

function indicated(wanted: NonNullable<Filter['adresindicatie']>) {
  if (wanted === 'true') return sql<boolean>`adresindicatie_bron is not null`
  if (wanted === 'false') return sql<boolean>`adresindicatie_bron is null`
  return sql<boolean>`adresindicatie_bron = ${wanted}`
}

export async function findHousehold(
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
export async function listHouseholdsOnAddresses(
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

/** The caller's households with these ids, in any order. */
export async function listHouseholdsById(
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

/** Says of a household that its address may be wrong, or with null that it is not in doubt. */
export async function markAddressInDoubt(
  tx: Tx,
  gemeentecode: string,
  id: string,
  indicatie: { bron: 'laa' | 'eigen-onderzoek'; datum: IsoDate } | null
): Promise<void> {
  await tx
    .updateTable('huishouden')
    .set({ adresindicatieBron: indicatie?.bron ?? null, adresindicatieDatum: indicatie?.datum ?? null })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

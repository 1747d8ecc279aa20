import { type Selectable, sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { MatchTelling, Tables } from '../platform/database/tables.ts'
import type { IsoDate } from '../time.ts'
import type { Sector } from '../vroegsignalen/vroegsignaal.ts'

export type HuishoudenRij = Omit<Selectable<Tables['huishouden']>, 'eersteVerval' | 'laatsteVerval'>

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
  'opgepakt'
] as const

/**
 * Recomputes the households on these addresses as one set, from their live signals alone: a household comes with
 * its first, keeps its id, and goes with its last. The match kinds are those of the national monitor:
 * meervoudig = two or more in one calendar month, opeenvolgend = one in the six months before the newest one's month.
 * Of repeated signals of one partner, sector and customer only the newest counts for the total.
 * It names the signals it counts, so that whoever reads it sees exactly those.
 * A household whose signals have all expired is hidden by policy and left to the sweeper, which must account for it;
 * a signal that came to its address only after that makes a new one of it.
 */
export async function recomputeHouseholds(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[],
  matchTelling: MatchTelling
): Promise<void> {
  await sql`
    with levend as (
      select adres_index, id, signaalpartner_id, sector, soort <> 'vroegsignaal' as crisis, jongere, status,
        ontvangen_op, reactiedatum, vernietigingsdatum, bedrag_in_centen,
        date_trunc('month', ontvangstdatum::timestamp)::date as maand,
        row_number() over (partition by adres_index, signaalpartner_id, sector, klant_index
          order by ontvangen_op desc, id desc) = 1 as is_nieuwste
      from (select distinct unnest(${adressen}::bytea[]) as adres) a cross join lateral (
        select s.adres_index, s.id, s.signaalpartner_id, s.sector, s.soort, s.jongere, s.status, s.ontvangen_op,
          s.reactiedatum, s.vernietigingsdatum, s.bedrag_in_centen, s.ontvangstdatum, s.klant_index
        from vroegsignaal s
        where s.gemeentecode = ${gemeentecode} and s.adres_index = a.adres offset 0
      ) v
    ), per_maand as (
      select adres_index, maand, case ${matchTelling}::text
          when 'signalen' then count(*)
          when 'signaalpartners' then count(distinct signaalpartner_id)
          else count(distinct sector) end >= 2 as is_meervoudig
      from levend group by adres_index, maand
    ), match as (
      select adres_index, bool_or(is_meervoudig) as is_meervoudig, max(maand) as nieuwste_maand from per_maand
      group by adres_index
    ), opeenvolging as (
      select m.adres_index, m.is_meervoudig, exists (
          select from per_maand p where p.adres_index = m.adres_index and p.maand < m.nieuwste_maand
            and p.maand >= m.nieuwste_maand - interval '6 months') as is_opeenvolgend
      from match m
    )
    insert into huishouden (gemeentecode, id, adres_index, matchsoorten, crisis, jongere, vroegsignaal_ids,
      aantal_signalen, aantal_signaalpartners, sectoren, totaalbedrag_in_centen, eerste_signaal_op, laatste_signaal_op, reactiedatum,
      opgepakt, eerste_verval, laatste_verval)
    select ${gemeentecode}, gen_random_uuid(), l.adres_index,
      case when not o.is_meervoudig and not o.is_opeenvolgend then array['enkelvoudig']
        else array_remove(array[case when o.is_meervoudig then 'meervoudig' end,
          case when o.is_opeenvolgend then 'opeenvolgend' end], null) end,
      bool_or(l.crisis), bool_or(l.jongere), array_agg(l.id order by l.ontvangen_op desc, l.id desc), count(*),
      count(distinct l.signaalpartner_id),
      array_agg(distinct l.sector order by l.sector),
      sum(l.bedrag_in_centen) filter (where l.is_nieuwste),
      min(l.ontvangen_op), max(l.ontvangen_op),
      coalesce(min(l.reactiedatum) filter (where l.status = 'ontvangen'), min(l.reactiedatum)),
      count(*) filter (where l.status = 'opgepakt'), min(l.vernietigingsdatum), max(l.vernietigingsdatum)
    from levend l join opeenvolging o using (adres_index)
    group by l.adres_index, o.is_meervoudig, o.is_opeenvolgend
    on conflict (gemeentecode, adres_index) do update set
      id = case when (excluded.eerste_signaal_op at time zone 'Europe/Amsterdam')::date < huishouden.laatste_verval
        then huishouden.id else excluded.id end,
      matchsoorten = excluded.matchsoorten, crisis = excluded.crisis, jongere = excluded.jongere,
      vroegsignaal_ids = excluded.vroegsignaal_ids, aantal_signalen = excluded.aantal_signalen, aantal_signaalpartners = excluded.aantal_signaalpartners,
      sectoren = excluded.sectoren, totaalbedrag_in_centen = excluded.totaalbedrag_in_centen,
      eerste_signaal_op = excluded.eerste_signaal_op, laatste_signaal_op = excluded.laatste_signaal_op,
      reactiedatum = excluded.reactiedatum, opgepakt = excluded.opgepakt,
      eerste_verval = excluded.eerste_verval, laatste_verval = excluded.laatste_verval`.execute(tx)
  await sql`
    delete from huishouden h
    where h.gemeentecode = ${gemeentecode} and h.adres_index = any (${adressen}::bytea[])
      and h.laatste_verval > hub_vandaag()
      and not exists (select from vroegsignaal s where s.gemeentecode = h.gemeentecode and s.adres_index = h.adres_index)
  `.execute(tx)
}

/** Addresses of households of which a signal has expired since they were computed. */
export async function listOutdatedAddresses(
  tx: Tx,
  gemeentecode: string,
  vandaag: IsoDate
): Promise<Buffer[]> {
  const rows = await tx
    .selectFrom('huishouden')
    .select('adresIndex')
    .where('gemeentecode', '=', gemeentecode)
    .where('eersteVerval', '<=', vandaag)
    .where('laatsteVerval', '>', vandaag)
    .execute()
  return rows.map(({ adresIndex }) => adresIndex)
}

/** How a municipality's list may be narrowed; what is absent does not narrow. */
export type Filter = {
  matchsoort?: 'enkelvoudig' | 'meervoudig' | 'opeenvolgend' | undefined
  crisis?: boolean | undefined
  jongere?: boolean | undefined
  sector?: Sector | undefined
  minimumbedragInCenten?: number | undefined
  /** True: every signal is taken up; false: at least one is not. */
  opgepakt?: boolean | undefined
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
  if (filter.opgepakt === true) query = query.whereRef('opgepakt', '=', 'aantalSignalen')
  if (filter.opgepakt === false) query = query.whereRef('opgepakt', '<', 'aantalSignalen')
  if (after !== undefined) {
    const { crisis, reactiedatum, gemeentecode, id } = after
    query = query.where(
      sql<boolean>`(not crisis, reactiedatum, gemeentecode, id) > (${!crisis}, ${reactiedatum}::date, ${gemeentecode}, ${id}::uuid)`
    )
  }
  return query.execute()
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
    .where('adresIndex', 'in', [...adressen])
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(gemeentecode, id) > (${after!.gemeentecode}, ${after!.id}::uuid)`)
    )
    .orderBy('gemeentecode')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Removes the households on these addresses that have no signal left; returns how many. */
export async function destroyEmptyHouseholds(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<number> {
  const gone = await sql`
    delete from huishouden h
    where h.gemeentecode = ${gemeentecode} and h.adres_index = any (${adressen}::bytea[])
      and not exists (select from vroegsignaal s where s.gemeentecode = h.gemeentecode
        and s.adres_index = h.adres_index and s.vernietigingsdatum > hub_vandaag() and s.status <> 'ingetrokken')
  `.execute(tx)
  return Number(gone.numAffectedRows ?? 0n)
}

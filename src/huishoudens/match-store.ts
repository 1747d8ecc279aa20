import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { dueOn, isAmong, type Vervaldag } from '../platform/database/many.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** The address of a household. */
export type HuishoudenAdres = Pick<Selectable<Tables['huishouden']>, 'gemeentecode' | 'adresIndex'>

/**
 * Recomputes the households on these addresses as one set, from their live signals alone. A household comes with its
 * first signal, keeps its id, and goes with its last. It names the signals that it counts, so a reader sees exactly
 * those. Match kinds are those of the national monitor: meervoudig = two or more in one calendar month, opeenvolgend =
 * one in the six months before the month of the newest. Of repeated signals of one partner, sector and customer only
 * the newest counts for the total.
 * A household with only expired signals is hidden by policy and left to the sweeper, which must account for it. A
 * signal that comes to its address after that makes a new household.
 * A household that comes, or gains a match kind, is put in the outbox where some subscription wants to hear of it.
 */
export async function recomputeHuishoudens(tx: Tx, adressen: readonly HuishoudenAdres[]): Promise<void> {
  const { rows } = await sql<HuishoudenAdres>`
    ${keptPlan} with gevraagd as (
      select distinct a.gemeentecode, a.adres_index, g.instellingen ->> 'matchTelling' as telling
      from ${listed(adressen)} join gemeente g on g.gemeentecode = a.gemeentecode
    ), levend as (
      select v.*, a.telling, soort <> 'vroegsignaal' as crisis,
        date_trunc('month', ontvangstdatum::timestamp)::date as maand,
        row_number() over (partition by v.gemeentecode, v.adres_index, signaalpartner_id, sector, klant_index
          order by ontvangen_op desc, id desc) = 1 as is_nieuwste
      from gevraagd a cross join lateral (
        select s.gemeentecode, s.adres_index, s.id, s.signaalpartner_id, s.sector, s.soort, s.jongere, s.status,
          s.ontvangen_op, s.reactiedatum, s.geplande_datum, s.vernietigingsdatum, s.bedrag_in_centen, s.ontvangstdatum, s.klant_index, s.adres_bekend
        from vroegsignaal s
        where (s.gemeentecode = a.gemeentecode) is true and s.adres_index = a.adres_index offset 0
      ) v
    ), geteld as (
      -- The rank counts distinct values within one month. A join would loop over all addresses for each one.
      select l.*, max(maand) over (partition by gemeentecode, adres_index) as nieuwste_maand,
        dense_rank() over (partition by gemeentecode, adres_index, maand order by case telling
          when 'signalen' then id::text when 'signaalpartners' then signaalpartner_id::text else sector end) as rang
      from levend l
    ), huis as (
      select gemeentecode, adres_index, bool_or(rang >= 2) as is_meervoudig,
        bool_or(maand < nieuwste_maand and maand >= nieuwste_maand - interval '6 months') as is_opeenvolgend,
        bool_or(crisis) as crisis, bool_or(jongere) as jongere,
        array_agg(id order by ontvangen_op desc, id desc) as ids, count(*) as signalen,
        count(distinct signaalpartner_id) as partners, array_agg(distinct sector order by sector) as sectoren,
        sum(bedrag_in_centen) filter (where is_nieuwste) as bedrag,
        min(ontvangen_op) as eerste, max(ontvangen_op) as laatste,
        min(reactiedatum) as reactie, min(reactiedatum) filter (where status = 'ontvangen') as open_reactie,
        min(geplande_datum) filter (where status = 'ontvangen') as gepland,
        case when bool_or(crisis and status = 'ontvangen') then 0 when bool_or(jongere and status = 'ontvangen') then 1
          when bool_or(status = 'ontvangen') then 2 else 3 end as urgentie,
        count(*) filter (where status = 'opgepakt') as opgepakt,
        bool_and(adres_bekend) as adres_bekend,
        min(vernietigingsdatum) as eerste_verval, max(vernietigingsdatum) as laatste_verval
      from geteld group by gemeentecode, adres_index
    ), weg as (
      select h.* from huis cross join lateral (
        select h.gemeentecode, h.id, h.volgnummer from huishouden h
        where h.adres_index = huis.adres_index and (h.gemeentecode = huis.gemeentecode) is true
          and (h.eerste_verval <= hub_vandaag()) is true and not ${isSame('h', 'huis.eerste')} offset 0) h
    ), vervallen as (${publishVanished}), vergeten as (${forgetGebeurtenissen}), geschreven as (
    insert into huishouden (gemeentecode, id, adres_index, matchsoorten, crisis, jongere, vroegsignaal_ids,
      aantal_signalen, aantal_signaalpartners, sectoren, totaalbedrag_in_centen, eerste_signaal_op, laatste_signaal_op, reactiedatum,
      open_reactiedatum, geplande_datum, urgentie, opgepakt, eerste_verval, laatste_verval, adres_bekend)
    select gemeentecode, gen_random_uuid(), adres_index,
      case when not is_meervoudig and not is_opeenvolgend then array['enkelvoudig']
        else array_remove(array[case when is_meervoudig then 'meervoudig' end,
          case when is_opeenvolgend then 'opeenvolgend' end], null) end,
      crisis, jongere, ids, signalen, partners, sectoren, bedrag, eerste, laatste,
      coalesce(open_reactie, reactie), open_reactie, gepland, urgentie, opgepakt, eerste_verval, laatste_verval, adres_bekend
    from huis
    on conflict (gemeentecode, adres_index) do update set
      id = case when ${isSame('huishouden', 'excluded.eerste_signaal_op')} then huishouden.id else excluded.id end,
      matchsoorten = excluded.matchsoorten, crisis = excluded.crisis, jongere = excluded.jongere,
      vroegsignaal_ids = excluded.vroegsignaal_ids, aantal_signalen = excluded.aantal_signalen, aantal_signaalpartners = excluded.aantal_signaalpartners,
      sectoren = excluded.sectoren, totaalbedrag_in_centen = excluded.totaalbedrag_in_centen,
      eerste_signaal_op = excluded.eerste_signaal_op, laatste_signaal_op = excluded.laatste_signaal_op,
      reactiedatum = excluded.reactiedatum, open_reactiedatum = excluded.open_reactiedatum,
      geplande_datum = excluded.geplande_datum, urgentie = excluded.urgentie,
      opgepakt = excluded.opgepakt, eerste_verval = excluded.eerste_verval,
      laatste_verval = excluded.laatste_verval, adres_bekend = excluded.adres_bekend, volgnummer = excluded.volgnummer,
      adresindicatie_bron = case when ${isSame('huishouden', 'excluded.eerste_signaal_op')}
        then huishouden.adresindicatie_bron end,
      adresindicatie_datum = case when ${isSame('huishouden', 'excluded.eerste_signaal_op')}
        then huishouden.adresindicatie_datum end
    returning gemeentecode, adres_index, id, matchsoorten
    ), gewenst as materialized (
      select w.gemeentecode, w.soort from (select distinct gemeentecode from gevraagd) g cross join lateral (
        select gemeentecode, soort from abonnement_wens w where w.gemeentecode = g.gemeentecode
          and w.soort = 'nl.vroegsignalering.huishouden-gematcht' limit 1) w
    ), gemeld as (
      -- Reads the households as they were before this statement.
      insert into gebeurtenis (gemeentecode, soort, huishouden_id)
      select n.gemeentecode, w.soort, n.id from gewenst w join geschreven n on n.gemeentecode = w.gemeentecode
      where not exists (select from huishouden h where (h.gemeentecode = n.gemeentecode) is true and h.id = n.id
        and (h.matchsoorten @> n.matchsoorten or n.matchsoorten = array['enkelvoudig']))
    )
    select gemeentecode, adres_index from geschreven`.execute(tx)
  const live = new Set(rows.map(nameOf))
  const vanished = adressen.filter((adres) => !live.has(nameOf(adres)))
  if (vanished.length === 0) return
  await sql`
    with weg as (
      delete from huishouden h using ${listed(vanished)}
      where (h.gemeentecode = a.gemeentecode) is true and h.adres_index = a.adres_index
        and h.laatste_verval > hub_vandaag()
      returning h.gemeentecode, h.id, h.volgnummer
    ), vergeten as (${forgetGebeurtenissen}) ${publishVanished}`.execute(tx)
}

function listed(adressen: readonly HuishoudenAdres[]) {
  const gemeentecodes = adressen.map(({ gemeentecode }) => gemeentecode)
  const indexes = adressen.map(({ adresIndex }) => adresIndex)
  return sql`unnest(${gemeentecodes}::text[], ${indexes}::bytea[]) as a(gemeentecode, adres_index)`
}

function nameOf({ gemeentecode, adresIndex }: HuishoudenAdres): string {
  return `${gemeentecode}|${adresIndex.toString('hex')}`
}

// True when the household on an address is still the same one. It is not when all its signals had expired before this
// one came, or when its end was published before this one was committed or moved here. A household never comes back.
function isSame(household: string, firstSignal: string) {
  const h = sql.table(household)
  return sql`(${h}.laatste_verval > (select hub_vandaag())
    or (${sql.ref(firstSignal)} at time zone 'Europe/Amsterdam')::date < ${h}.laatste_verval
      and not exists (select from huishouden_vervallen v where v.gemeentecode = ${h}.gemeentecode and v.id = ${h}.id))`
}

// True when the end of a household was published after its last change. Looked up by id (`offset 0` forces that): by
// number, a planner reads every later end in the municipality for each household.
function isPublished(household: string) {
  const h = sql.table(household)
  return sql`exists (select from (
      select v.volgnummer from huishouden_vervallen v
      where v.gemeentecode = ${h}.gemeentecode and v.id = ${h}.id offset 0) v
    where v.volgnummer > ${h}.volgnummer)`
}

// Publishes the end of the households in `weg`, unless that was done after their last change.
const publishVanished = sql`
  insert into huishouden_vervallen (gemeentecode, id, vervaldatum)
  select w.gemeentecode, w.id, hub_vandaag() from weg w
  where not ${isPublished('w')}
  on conflict (gemeentecode, id) do update set volgnummer = excluded.volgnummer, vervaldatum = excluded.vervaldatum`

// What was to be told about the households in `weg`, or was told, goes with them.
const forgetGebeurtenissen = sql`
  delete from gebeurtenis g using weg w where g.huishouden_id = w.id and g.gemeentecode = w.gemeentecode`

/** Removes households that are no longer an address of their own, and publishes their end. */
export async function removeHuishoudens(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  await sql`
    with weg as (
      delete from huishouden h where h.gemeentecode = ${gemeentecode} and h.id = any (${[...ids]}::uuid[])
      returning h.gemeentecode, h.id, h.volgnummer
    ), vergeten as (${forgetGebeurtenissen}) ${publishVanished}`.execute(tx)
}

/** True when households of these municipalities must be recomputed: there are marks, or signals have expired since. */
export async function isMatchingDue(tx: Tx, gemeentecodes: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ isDue: boolean }>`
    ${keptPlan} select is_gemarkeerd(${[...gemeentecodes]}::text[])
      or exists (select from huishouden h
        where h.eerste_verval <= hub_vandaag() and ${isAmong('h.gemeentecode', gemeentecodes)}
          and (h.laatste_verval > hub_vandaag() or not ${isPublished('h')})) as is_due`.execute(tx)
  return rows[0]!.isDue
}

/**
 * The municipalities among these where a transaction of a later day has published the end of households already. A
 * transaction keeps the day on which it began, so one that waited past midnight would bring such households back.
 */
export async function listOvertakenGemeenten(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ gemeentecode: string }>`
    ${keptPlan} select g.gemeentecode from unnest(${[...gemeentecodes]}::text[]) as g(gemeentecode)
    where exists (select from huishouden_vervallen v
      where v.vervaldatum > hub_vandaag() and v.gemeentecode = g.gemeentecode)`.execute(tx)
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/**
 * The day after that of this transaction, where one of that day has published the end of households in this municipality
 * already, and none of a later day, which no midnight explains.
 */
export async function findNextDayBegun(tx: Tx, gemeentecode: string): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ dag: IsoDate }>`
    ${keptPlan} select max(v.vervaldatum) as dag from huishouden_vervallen v where v.gemeentecode = ${gemeentecode}
    having max(v.vervaldatum) = hub_vandaag() + 1`.execute(tx)
  return rows[0]?.dag
}

/**
 * Publishes the end of every household without live signals, so that followers see it before the sweeper has run.
 * Returns the addresses of households that lost some signals and keep others.
 */
export async function publishExpired(tx: Tx, gemeentecodes: readonly string[]): Promise<HuishoudenAdres[]> {
  const { rows } = await sql<HuishoudenAdres>`
    ${keptPlan} with verlopen as (
      select gemeentecode, id, volgnummer, adres_index, laatste_verval from huishouden
      where eerste_verval <= hub_vandaag() and ${isAmong('gemeentecode', gemeentecodes)}
    ), weg as (
      select * from verlopen where laatste_verval <= hub_vandaag()
    ), gepubliceerd as (${publishVanished}), vergeten as (${forgetGebeurtenissen})
    select gemeentecode, adres_index from verlopen where laatste_verval > hub_vandaag()`.execute(tx)
  return rows
}

/**
 * Removes the households without any signal whose first signal expired on these days and whose last has expired too,
 * for instance because their signals moved to another municipality.
 */
export async function destroyStrandedHuishoudens(tx: Tx, due: readonly Vervaldag[]): Promise<void> {
  await sql`
    with weg as (
      delete from huishouden h using ${dueOn('d', due)}
      where h.gemeentecode = d.gemeentecode and h.eerste_verval = d.dag and h.laatste_verval <= hub_vandaag()
        and not exists (select from vroegsignaal s
          where (s.gemeentecode = h.gemeentecode) is true and s.adres_index = h.adres_index)
      returning h.gemeentecode, h.id, h.volgnummer
    ), vergeten as (${forgetGebeurtenissen}) ${publishVanished}`.execute(tx)
}

/**
 * Removes the households on these addresses that have no live signal left and publishes their end; returns them. The
 * policy on the table keeps every other.
 */
export async function destroyEmptyHuishoudens(
  tx: Tx,
  adressen: readonly HuishoudenAdres[]
): Promise<HuishoudenAdres[]> {
  const { rows } = await sql<HuishoudenAdres>`
    with weg as (
      delete from huishouden h using (select distinct gemeentecode, adres_index from ${listed(adressen)}) a
      where (h.gemeentecode = a.gemeentecode) is true and h.adres_index = a.adres_index
      returning h.gemeentecode, h.id, h.volgnummer, h.adres_index
    ), gepubliceerd as (${publishVanished}), vergeten as (${forgetGebeurtenissen})
    select gemeentecode, adres_index from weg`.execute(tx)
  return rows
}

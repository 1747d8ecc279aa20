import { sql } from 'kysely'
import type { Bezorgfout, Uitschakelreden } from '../../begrippen/abonnement.ts'
import type { Gebeurtenissoort, proefsoort } from '../../begrippen/gebeurtenissoort.ts'
import { isAmong } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** A delivery that this process has taken: what to send, where, and under which secrets. */
export type GenomenBezorging = {
  readonly gemeentecode: string
  readonly id: string
  readonly abonnementId: string
  /** The municipalities of the subscription. */
  readonly gemeentecodes: readonly string[]
  readonly url: string
  readonly aantalPogingen: number
  readonly opgevenNa: Date
  /** False when it may not be told any more: to this client, or about what is gone since. */
  readonly isToegestaan: boolean
  readonly geheimIds: readonly string[]
  readonly gebeurtenisId: string
  readonly soort: Gebeurtenissoort | typeof proefsoort
  readonly op: Date
  readonly vroegsignaalId: string | null
  readonly huishoudenId: string | null
  readonly betwistingId: string | null
  readonly vernietigingId: string | null
}

/**
 * The municipalities of which an event waits to be spread, of the oldest `limit`, and those of every subscription with a
 * delivery that is due.
 */
export async function listGemeentenDue(tx: Tx, limit: number, now: Date): Promise<string[]> {
  const { rows } = await sql<{ gemeentecode: string }>`
    select g.gemeentecode from (select gemeentecode from gebeurtenis where not verspreid order by id limit ${limit}) g
    union
    select unnest(d.gemeentecodes) from (
      select a.gemeentecodes from abonnement a cross join lateral (select from bezorging b
        where b.abonnement_id = a.id and b.status = 'wacht' and b.volgende_poging_op <= ${now} limit 1) b
      where exists (select from bezorging where status = 'wacht' and volgende_poging_op <= ${now})) d`.execute(
    tx
  )
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/** Makes deliveries of at most `limit` events of these municipalities, to whoever wants them; returns how many events. */
export async function spreadGebeurtenissen(
  tx: Tx,
  gemeentecodes: readonly string[],
  limit: number,
  { now, opgevenNa }: { now: Date; opgevenNa: Date }
): Promise<number> {
  const { rows } = await sql<{ aantal: number }>`
    with nieuw as materialized (
      select gemeentecode, id, soort from gebeurtenis where not verspreid
        and ${isAmong('gemeentecode', gemeentecodes)} order by id limit ${limit}
      for update skip locked
    ), verspreid as (
      update gebeurtenis g set verspreid = true from nieuw n where g.gemeentecode = n.gemeentecode and g.id = n.id
    ), bezorgingen as (
      insert into bezorging (gemeentecode, abonnement_id, gebeurtenis_id, volgende_poging_op, opgeven_na)
      select n.gemeentecode, w.abonnement_id, n.id, ${now}, ${opgevenNa}
      from nieuw n join abonnement_wens w on w.gemeentecode = n.gemeentecode and w.soort = n.soort
    )
    select count(*) as aantal from nieuw`.execute(tx)
  return rows[0]!.aantal
}

/** How many deliveries may be taken. */
export type Ruimte = {
  readonly inTotal: number
  /** Of one subscription at a time, when its last attempt succeeded; else one. */
  readonly perAbonnement: number
  /** The deliveries of each subscription that are on their way. */
  readonly onderweg: ReadonlyMap<string, number>
}

/**
 * Takes due deliveries in these municipalities for this process alone: until `genomenTot` no other takes them, and after that any does, for then this
 * one has died with them. Those that another is taking are passed over. Signals and households are looked up by id alone
 * (`is true` keeps the other indexes away), and subscriptions one by one, so that no backlog makes another's turn slower.
 */
export async function takeBezorgingen(
  tx: Tx,
  gemeentecodes: readonly string[],
  { inTotal, perAbonnement, onderweg }: Ruimte,
  { now, genomenTot }: { now: Date; genomenTot: Date }
): Promise<GenomenBezorging[]> {
  const { rows } = await sql<GenomenBezorging>`
    with genomen as materialized (
      select k.* from abonnement a
      left join unnest(${[...onderweg.keys()]}::uuid[], ${[...onderweg.values()]}::integer[]) as o(id, aantal) on o.id = a.id
      cross join lateral (
        select b.gemeentecode, b.id from bezorging b
        where b.abonnement_id = a.id and b.status = 'wacht' and b.volgende_poging_op <= ${now}
          and ${isAmong('b.gemeentecode', gemeentecodes)}
        order by b.volgende_poging_op
        limit greatest(0, case when a.mislukt_sinds is null then ${perAbonnement}::integer else 1 end - coalesce(o.aantal, 0))
        for update of b skip locked) k
      limit ${inTotal}
    ), bijgewerkt as (
      update bezorging b set volgende_poging_op = ${genomenTot}, laatste_poging_op = ${now},
        aantal_pogingen = b.aantal_pogingen + 1
      from genomen k where b.gemeentecode = k.gemeentecode and b.id = k.id
      returning b.*
    )
    select b.gemeentecode, b.id, b.abonnement_id, a.gemeentecodes, a.url, b.aantal_pogingen, b.opgeven_na, b.gebeurtenis_id,
      g.soort, g.op, g.vroegsignaal_id, g.huishouden_id, g.betwisting_id, g.vernietiging_id,
      array(select e.id::text from abonnement_geheim e where e.abonnement_id = a.id order by e.aangemaakt_op desc, e.id)
        as geheim_ids,
      (a.status = 'actief' or g.soort = 'nl.vroegsignalering.proef')
      and c.ingetrokken_op is null and b.gemeentecode = any (c.gemeentecodes)
      and 'abonnementen:beheren' = any (c.scopes)
      and (g.vroegsignaal_id is null or g.soort = 'nl.vroegsignalering.signaal-ingetrokken' or exists (
        select from vroegsignaal s where (s.gemeentecode = g.gemeentecode) is true and s.id = g.vroegsignaal_id))
      and (g.huishouden_id is null or exists (
        select from huishouden h
        join vroegsignaal s on (s.gemeentecode = h.gemeentecode) is true and s.id = any (h.vroegsignaal_ids)
        where (h.gemeentecode = g.gemeentecode) is true and h.id = g.huishouden_id)) as is_toegestaan
    from bijgewerkt b join gebeurtenis g on g.gemeentecode = b.gemeentecode and g.id = b.gebeurtenis_id
    join abonnement a on a.id = b.abonnement_id join client c on c.id = a.client_id`.execute(tx)
  return rows
}

type Genomen = Pick<GenomenBezorging, 'gemeentecode' | 'id' | 'abonnementId' | 'aantalPogingen'>

/** Forgets deliveries that may not be told any more. */
export async function dropBezorgingen(tx: Tx, bezorgingen: readonly Genomen[]): Promise<void> {
  await sql`delete from bezorging b using unnest(${bezorgingen.map(({ gemeentecode }) => gemeentecode)}::text[],
      ${bezorgingen.map(({ id }) => id)}::uuid[]) as d(gemeentecode, id)
    where b.gemeentecode = d.gemeentecode and b.id = d.id`.execute(tx)
}

/** Records that an attempt succeeded. */
export async function saveBezorgd(tx: Tx, taken: Genomen, httpStatus: number): Promise<void> {
  await sql`update abonnement set mislukt_sinds = null
    where id = ${taken.abonnementId} and mislukt_sinds is not null`.execute(tx)
  await sql`update bezorging set status = 'bezorgd', http_status = ${httpStatus}, fout = null
    where ${isTaken(taken)}`.execute(tx)
}

/** Why an attempt failed. */
export type Mislukking = { readonly httpStatus: number | null; readonly fout: Bezorgfout | null }

/** Records that an attempt failed, and when the next is; null = no more. */
export async function saveMislukt(
  tx: Tx,
  taken: Genomen,
  { httpStatus, fout }: Mislukking,
  volgende: Date | null
): Promise<void> {
  await sql`update bezorging set http_status = ${httpStatus}, fout = ${fout},
      status = case when ${volgende}::timestamptz is null then 'opgegeven' else status end,
      volgende_poging_op = coalesce(${volgende}, volgende_poging_op)
    where ${isTaken(taken)}`.execute(tx)
}

/** Notes since when a subscription fails; returns that instant, undefined when it is gone. */
export async function noteMislukt(tx: Tx, abonnementId: string, now: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ misluktSinds: Date }>`
    with nieuw as (update abonnement set mislukt_sinds = ${now} where id = ${abonnementId} and mislukt_sinds is null)
    select coalesce(mislukt_sinds, ${now}) as mislukt_sinds from abonnement where id = ${abonnementId}`.execute(
    tx
  )
  return rows[0]?.misluktSinds
}

/** Switches an active subscription off: what waits is given up, and nothing more is kept for it. True when it was on. */
export async function switchOff(
  tx: Tx,
  abonnementId: string,
  reden: Uitschakelreden,
  now: Date
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update abonnement set status = 'uitgeschakeld', reden = ${reden}, uitgeschakeld_op = ${now}
    where id = ${abonnementId} and status = 'actief'`.execute(tx)
  await sql`delete from abonnement_wens where abonnement_id = ${abonnementId}`.execute(tx)
  await sql`update bezorging set status = 'opgegeven'
    where abonnement_id = ${abonnementId} and status = 'wacht'`.execute(tx)
  return numAffectedRows === 1n
}

// An attempt that took too long may have been overtaken by another of somebody else.
function isTaken({ gemeentecode, id, aantalPogingen }: Genomen) {
  return sql<boolean>`gemeentecode = ${gemeentecode} and id = ${id} and aantal_pogingen = ${aantalPogingen}`
}

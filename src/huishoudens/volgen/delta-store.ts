import { type RawBuilder, sql } from 'kysely'
import { dueOn, type Vervaldag } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

// A follower of more municipalities than this takes the changes of all in order, and leaves out those of others.
const fewGemeenten = 32

/** A household that changed or is gone. */
export type Wijziging = { id: string; volgnummer: number; isVervallen: boolean }

/**
 * The last number published of all municipalities, and of the caller's own; the number up to which vanished households of
 * its own were forgotten; and whether any of them has marks.
 */
export async function readPublished(tx: Tx, gemeentecodes: readonly string[]): Promise<Gepubliceerd> {
  const { rows } = await sql<Gepubliceerd>`
    select (select case when is_called then last_value else 0 end from huishouden_volgnummer) as laatste,
      ${lastOf('huishouden', gemeentecodes)} as huishouden, ${lastOf('huishouden_vervallen', gemeentecodes)} as vervallen,
      (select coalesce(max(tot_en_met_volgnummer), 0) from huishouden_vergeten) as vergeten,
      is_gemarkeerd(${[...gemeentecodes]}::text[]) as is_marked`.execute(tx)
  return rows[0]!
}

type Gepubliceerd = {
  readonly laatste: number
  readonly huishouden: number
  readonly vervallen: number
  readonly vergeten: number
  readonly isMarked: boolean
}

function lastOf(table: string, gemeentecodes: readonly string[]): RawBuilder<number> {
  const last = (isOwn: RawBuilder<unknown>) =>
    sql`select volgnummer from ${sql.table(table)} where ${isOwn} order by volgnummer desc limit 1`
  const found =
    gemeentecodes.length > fewGemeenten
      ? last(sql`true`)
      : sql`select * from unnest(${[...gemeentecodes]}::text[]) as g cross join lateral (${last(sql`gemeentecode = g`)}) v`
  return sql<number>`coalesce((select max(volgnummer) from (${found}) l), 0)`
}

/**
 * The first changes after `positie`, in order, at most `limit`; only the last change of each household. Households that
 * were gone at `begin` are left out.
 */
export async function listWijzigingen(
  tx: Tx,
  gemeentecodes: readonly string[],
  { positie, begin }: { positie: number; begin: number },
  limit: number
): Promise<Wijziging[]> {
  const changes = (isOwn: RawBuilder<unknown>) => sql`
    (select id, volgnummer, false as is_vervallen from huishouden
      where ${isOwn} and volgnummer > ${positie} order by volgnummer limit ${limit})
    union all
    (select id, volgnummer, true from huishouden_vervallen
      where ${isOwn} and volgnummer > ${Math.max(positie, begin)} order by volgnummer limit ${limit})`
  const found =
    gemeentecodes.length > fewGemeenten
      ? changes(sql`true`)
      : sql`select * from unnest(${[...gemeentecodes]}::text[]) as g
          cross join lateral (${changes(sql`gemeentecode = g`)}) w`
  const { rows } = await sql<Wijziging>`
    select w.id, w.volgnummer, w.is_vervallen from (${found}) w order by w.volgnummer limit ${limit}`.execute(
    tx
  )
  return rows
}

/**
 * Forgets the households that vanished in these municipalities on these days, and remembers up to which number. One
 * whose row is still there is kept: its end would be published again.
 */
export async function forgetVanished(tx: Tx, due: readonly Vervaldag[]): Promise<void> {
  await sql`
    with vergeten as (
      delete from huishouden_vervallen v using ${dueOn('d', due)}
      where v.gemeentecode = d.gemeentecode and v.vervaldatum = d.dag
        and not exists (select from huishouden h where h.gemeentecode = v.gemeentecode and h.id = v.id)
      returning v.gemeentecode, v.volgnummer
    )
    insert into huishouden_vergeten (gemeentecode, tot_en_met_volgnummer)
    select gemeentecode, max(volgnummer) from vergeten group by gemeentecode
    on conflict (gemeentecode) do update
      set tot_en_met_volgnummer = greatest(huishouden_vergeten.tot_en_met_volgnummer, excluded.tot_en_met_volgnummer)
  `.execute(tx)
}

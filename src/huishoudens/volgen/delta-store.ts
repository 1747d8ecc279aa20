import { sql } from 'kysely'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

/** A household that changed or is gone. */
export type Wijziging = { id: string; volgnummer: number; isVervallen: boolean }

/** The last number published, and the number up to which vanished households of these municipalities were forgotten. */
export async function readPublished(
  tx: Tx,
  gemeentecodes: readonly string[]
): Promise<{ laatste: number; vergeten: number }> {
  const { rows } = await sql<{ laatste: number; vergeten: number }>`
    select (select case when is_called then last_value else 0 end from huishouden_volgnummer) as laatste,
      (select coalesce(max(tot_en_met_volgnummer), 0) from huishouden_vergeten
        where gemeentecode = any (${[...gemeentecodes]}::text[])) as vergeten`.execute(tx)
  return rows[0]!
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
  const { rows } = await sql<Wijziging>`
    select w.id, w.volgnummer, w.is_vervallen from unnest(${[...gemeentecodes]}::text[]) as g cross join lateral (
      (select id, volgnummer, false as is_vervallen from huishouden
        where gemeentecode = g and volgnummer > ${positie} order by volgnummer limit ${limit})
      union all
      (select id, volgnummer, true from huishouden_vervallen
        where gemeentecode = g and volgnummer > ${Math.max(positie, begin)} order by volgnummer limit ${limit})
    ) w order by w.volgnummer limit ${limit}`.execute(tx)
  return rows
}

/**
 * Forgets the households of a municipality that vanished before a day, and remembers up to which number. One whose row
 * is still there is kept: its end would be published again.
 */
export async function forgetVanished(tx: Tx, gemeentecode: string, before: IsoDate): Promise<void> {
  await sql`
    with vergeten as (
      delete from huishouden_vervallen v where v.gemeentecode = ${gemeentecode} and v.vervaldatum < ${before}
        and not exists (select from huishouden h where h.gemeentecode = v.gemeentecode and h.id = v.id)
      returning volgnummer
    )
    insert into huishouden_vergeten (gemeentecode, tot_en_met_volgnummer)
    select ${gemeentecode}, max(volgnummer) from vergeten having count(*) > 0
    on conflict (gemeentecode) do update
      set tot_en_met_volgnummer = greatest(huishouden_vergeten.tot_en_met_volgnummer, excluded.tot_en_met_volgnummer)
  `.execute(tx)
}

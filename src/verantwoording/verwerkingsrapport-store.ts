import { sql } from 'kysely'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import { isAmong } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** How often a client, or an employee behind it, looked at data in a month; per hour, and for the month as a whole. */
export type Inzagetelling = {
  clientId: string
  gebruiker: string | null
  /** Hour of the day in the Netherlands; null for the month as a whole. */
  uur: number | null
  aantalInzagen: number
  /** Residents and addresses, each once. */
  aantalBetrokkenen: number
  /** Those of them that somebody acted upon afterwards. */
  aantalOpgevolgd: number
  aantalBuitenKantoortijd: number
}

/** Which days are wanted, up to but not including `tot`, and what counts as looking and as acting. */
export type Rapportvraag = {
  readonly van: IsoDate
  readonly tot: IsoDate
  readonly inzagen: readonly Verwerkingsactiviteit[]
  readonly opvolgingen: readonly Verwerkingsactiviteit[]
}

const [opens, closes, saturday] = [7, 19, 6]

/**
 * Counts of a month, by client and employee, of what the municipality itself looked at. Acted upon is an address or resident
 * of whom the log has a decision or an attempt at contact later, by anybody.
 */
export async function listInzagetellingen(
  tx: Tx,
  gemeentecodes: readonly string[],
  { van, tot, inzagen, opvolgingen }: Rapportvraag
): Promise<Inzagetelling[]> {
  const from = sql`${van}::timestamp at time zone 'Europe/Amsterdam'`
  const { rows } = await sql<Inzagetelling>`
    with blad as materialized (
      select * from verwerking where ${isAmong('gemeentecode', gemeentecodes)} and op >= ${from}
    ), opvolging as materialized (
      select betrokkene_pseudoniem, max(op) as laatste from blad
      where activiteit = any (${[...opvolgingen]}::text[]) group by 1
    ), inzage as materialized (
      select b.client_id, b.gebruiker, b.betrokkene_pseudoniem, o.laatste >= b.op as is_opgevolgd,
        extract(hour from lokaal.tijd)::integer as uur, extract(isodow from lokaal.tijd) as dag
      from blad b cross join lateral (select b.op at time zone 'Europe/Amsterdam') as lokaal(tijd)
        left join opvolging o on o.betrokkene_pseudoniem = b.betrokkene_pseudoniem
      where b.activiteit = any (${[...inzagen]}::text[]) and b.signaalpartner_id is null and b.client_id is not null
        and b.op < ${tot}::timestamp at time zone 'Europe/Amsterdam'
    )
    select client_id, gebruiker, uur, count(*) as aantal_inzagen,
      count(distinct betrokkene_pseudoniem) as aantal_betrokkenen,
      count(distinct betrokkene_pseudoniem) filter (where is_opgevolgd) as aantal_opgevolgd,
      count(*) filter (where uur < ${opens} or uur >= ${closes} or dag >= ${saturday}) as aantal_buiten_kantoortijd
    from inzage group by grouping sets ((client_id, gebruiker, uur), (client_id, gebruiker))
    order by client_id, gebruiker nulls first, uur nulls first`.execute(tx)
  return rows
}

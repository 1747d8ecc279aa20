import { sql } from 'kysely'
import type { Gebeurtenis } from '../begrippen/gebeurtenis.ts'
import type { Sector } from '../begrippen/vroegsignaal.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** Which counts to read; without municipalities those of every municipality that the caller may see. */
export type Periode = {
  readonly van: IsoDate
  readonly totEnMet: IsoDate
  readonly gemeentecodes?: readonly string[] | undefined
  readonly signaalpartnerId?: string
}

/**
 * How often one event of one kind happened with a partner's signals, per municipality, month (`YYYY-MM`) and sector;
 * for what happened after intake the sector is empty.
 */
export type Partnercijfer = {
  signaalpartnerId: string
  gemeentecode: string
  maand: string
  gebeurtenis: Gebeurtenis | 'afwijzing'
  sector: Sector | ''
  kenmerk: string
  aantal: number
}

/** Partners with counts, in order of id, after `after`. */
export async function listCountedSignaalpartners(
  tx: Tx,
  periode: Periode,
  after: string | undefined,
  limit: number
): Promise<{ id: string; naam: string }[]> {
  const { rows } = await sql<{ id: string; naam: string }>`
    select p.id, p.naam from signaalpartner p
    where exists (select from (${counts(periode)}) c where c.signaalpartner_id = p.id)
      and (${after ?? null}::uuid is null or p.id > ${after ?? null}::uuid)
    order by p.id limit ${limit}`.execute(tx)
  return rows
}

/** The counts of these partners, per municipality, month, event, kind and sector. */
export async function listPartnercijfers(
  tx: Tx,
  periode: Periode,
  signaalpartnerIds: readonly string[]
): Promise<Partnercijfer[]> {
  const { rows } = await sql<Partnercijfer>`
    select signaalpartner_id, gemeentecode, to_char(dag, 'YYYY-MM') as maand, gebeurtenis, kenmerk, sector,
      sum(aantal) as aantal
    from (${counts(periode)}) c where signaalpartner_id = any (${[...signaalpartnerIds]}::uuid[])
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`.execute(tx)
  return rows
}

/** How often a criterium refused a signal, per municipality ('' where the signal named none), month (`YYYY-MM`) and sector. */
export type Afwijzingcijfer = {
  gemeentecode: string
  maand: string
  sector: Sector
  criterium: string
  aantal: number
}

/** The counts of refusals in a period, of all partners together. */
export async function listAfwijzingcijfers(
  tx: Tx,
  { van, totEnMet, gemeentecodes }: Periode
): Promise<Afwijzingcijfer[]> {
  const { rows } = await sql<Afwijzingcijfer>`
    select gemeentecode, to_char(dag, 'YYYY-MM') as maand, sector, criterium, sum(aantal)::integer as aantal
    from afwijzing_telling where dag between ${van}::date and ${totEnMet}::date
      and (${gemeentecodes ?? null}::text[] is null or gemeentecode = any (${gemeentecodes ?? null}::text[]))
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(tx)
  return rows
}

function counts({ van, totEnMet, gemeentecodes, signaalpartnerId }: Periode) {
  const within = sql`dag between ${van}::date and ${totEnMet}::date
    and (${gemeentecodes ?? null}::text[] is null or gemeentecode = any (${gemeentecodes ?? null}::text[]))
    and (${signaalpartnerId ?? null}::uuid is null or signaalpartner_id = ${signaalpartnerId ?? null}::uuid)`
  return sql`
    select gemeentecode, signaalpartner_id, dag, gebeurtenis, sector, kenmerk, aantal from signaalpartner_telling
    where ${within}
    union all select gemeentecode, signaalpartner_id, dag, 'afwijzing', sector, criterium, aantal from afwijzing_telling
    where ${within}`
}

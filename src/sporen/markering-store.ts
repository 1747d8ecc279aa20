import { sql } from 'kysely'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'

/** An address with changed signals. */
export type Markering = { readonly gemeentecode: string; readonly adresIndex: Buffer }

/** Marks addresses for the matcher, in the transaction that changes their signals. Every change adds its own marks. */
export async function markAdressen(tx: Tx, markeringen: readonly Markering[]): Promise<void> {
  if (markeringen.length === 0) return
  const gemeentecodes = markeringen.map(({ gemeentecode }) => gemeentecode)
  const adressen = markeringen.map(({ adresIndex }) => adresIndex)
  await sql`${keptPlan} insert into huishouden_markering (gemeentecode, adres_index)
    select * from unnest(${gemeentecodes}::text[], ${adressen}::bytea[])`.execute(tx)
}

/** Deletes the oldest marks of each of these municipalities, at most `limit` of each, and returns them. */
export async function takeMarkeringen(
  tx: Tx,
  gemeentecodes: readonly string[],
  limit: number
): Promise<Markering[]> {
  // Deletes up to a bound: a list of numbers may be scanned again for every row. Materialized: otherwise the bound may
  // be computed again for every row as well.
  const { rows } = await sql<Markering>`
    ${keptPlan} with grens as materialized (
      select g.gemeentecode, m.laatste from unnest(${[...gemeentecodes]}::text[]) as g(gemeentecode) cross join lateral (
        select max(volgnummer) as laatste from (
          select volgnummer from huishouden_markering
          where gemeentecode = g.gemeentecode order by volgnummer limit ${limit}) oudste
      ) m
    )
    delete from huishouden_markering m using grens
    where m.gemeentecode = grens.gemeentecode and m.volgnummer <= grens.laatste
    returning m.gemeentecode, m.adres_index`.execute(tx)
  return rows
}

/** Marks every address of a municipality that has a household. */
export async function markAllAdressen(tx: Tx, gemeentecode: string): Promise<void> {
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select gemeentecode, adres_index from huishouden where gemeentecode = ${gemeentecode}`.execute(tx)
}

/** Marks every address in these municipalities with a live signal of a partner. */
export async function markAdressenOfPartner(
  tx: Tx,
  gemeentecodes: readonly string[],
  signaalpartnerId: string
): Promise<void> {
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select distinct gemeentecode, adres_index from vroegsignaal
    where gemeentecode = any (${[...gemeentecodes]}::text[]) and signaalpartner_id = ${signaalpartnerId}`.execute(
    tx
  )
}

/** The municipalities that have marks. */
export async function listMarkedGemeenten(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ gemeentecode: string }>`
    ${keptPlan} select g as gemeentecode from gemarkeerde_gemeenten() g`.execute(tx)
  return rows.map(({ gemeentecode }) => gemeentecode)
}

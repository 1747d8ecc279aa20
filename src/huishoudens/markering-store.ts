import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/** An address whose signals changed. */
export type Markering = { readonly gemeentecode: string; readonly adresIndex: Buffer }

/** Marks addresses for the matcher, in the transaction that changes their signals. Marks are never shared. */
export async function markAddresses(tx: Tx, markeringen: readonly Markering[]): Promise<void> {
  if (markeringen.length === 0) return
  const gemeentecodes = markeringen.map(({ gemeentecode }) => gemeentecode)
  const adressen = markeringen.map(({ adresIndex }) => adresIndex)
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select * from unnest(${gemeentecodes}::text[], ${adressen}::bytea[])`.execute(tx)
}

/** Takes the oldest marks of a municipality away, at most `limit`; returns how many, and their addresses, each once. */
export async function takeMarks(
  tx: Tx,
  gemeentecode: string,
  limit: number
): Promise<{ taken: number; adressen: Buffer[] }> {
  // By a bound, for a list of numbers may be gone through anew for every row.
  const { rows: bounds } = await sql<{ aantal: number; laatste: number | null }>`
    select count(*) as aantal, max(volgnummer) as laatste from (
      select volgnummer from huishouden_markering
      where gemeentecode = ${gemeentecode} order by volgnummer limit ${limit}) m`.execute(tx)
  const { aantal, laatste } = bounds[0]!
  if (laatste === null) return { taken: 0, adressen: [] }
  const rows = await tx
    .deleteFrom('huishoudenMarkering')
    .where('gemeentecode', '=', gemeentecode)
    .where('volgnummer', '<=', laatste)
    .returning('adresIndex')
    .execute()
  const byText = new Map(rows.map(({ adresIndex }) => [adresIndex.toString('hex'), adresIndex]))
  return { taken: aantal, adressen: [...byText.values()] }
}

/** Marks every address of a municipality that has a household. */
export async function markAllAddresses(tx: Tx, gemeentecode: string): Promise<void> {
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select gemeentecode, adres_index from huishouden where gemeentecode = ${gemeentecode}`.execute(tx)
}

/** Marks every address of a municipality with a live signal of a partner. */
export async function markAddressesOfPartner(
  tx: Tx,
  gemeentecode: string,
  signaalpartnerId: string
): Promise<void> {
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select distinct gemeentecode, adres_index from vroegsignaal
    where gemeentecode = ${gemeentecode} and signaalpartner_id = ${signaalpartnerId}`.execute(tx)
}

/** Municipalities with marks that are not processed yet. */
export async function listMarkedGemeenten(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('huishoudenMarkering').select('gemeentecode').distinct().execute()
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/** Holds the municipality's households for this transaction; matcher and sweeper never work on them at once. */
export async function lockHouseholds(tx: Tx, gemeentecode: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`huishoudens|${gemeentecode}`}, 0))`.execute(tx)
}

import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/**
 * A line of the processing log: who processed whose data, why, under which trace and for which employee. The person is a
 * pseudonym.
 */
export type VerwerkingRij = Selectable<Tables['verwerking']>

/** Adds lines to the processing log. */
export async function addVerwerkingen(tx: Tx, verwerkingen: readonly VerwerkingRij[]): Promise<void> {
  if (verwerkingen.length === 0) return
  const rows = JSON.stringify(
    verwerkingen.map((row) => ({
      ...row,
      betrokkenePseudoniem: `\\x${row.betrokkenePseudoniem.toString('hex')}`
    }))
  )
  await sql`
    insert into verwerking (gemeentecode, id, trace_id, activiteit, client_id, signaalpartner_id,
      betrokkene_pseudoniem, object_id, op, gebruiker)
    select r."gemeentecode", r."id", r."traceId", r."activiteit", r."clientId", r."signaalpartnerId",
      r."betrokkenePseudoniem", r."objectId", r."op", r."gebruiker"
    from json_to_recordset(${rows}::json) as r("gemeentecode" text, "id" uuid, "traceId" text, "activiteit" text,
      "clientId" uuid, "signaalpartnerId" uuid, "betrokkenePseudoniem" bytea, "objectId" uuid, "op" timestamptz,
      "gebruiker" text)
  `.execute(tx)
}

/** Destroys at most `limit` lines from before a day, oldest first; returns how many. */
export async function destroyVerwerkingen(tx: Tx, before: IsoDate, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from verwerking where (gemeentecode, id) in (
      select gemeentecode, id from verwerking
      where op < ${before}::timestamp at time zone 'Europe/Amsterdam' order by op limit ${limit})`.execute(tx)
  return Number(numAffectedRows)
}

import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/** Counts a look-up of a client on a day; false, and nothing is counted, when it had `most` already. */
export async function addZoekvraag(tx: Tx, clientId: string, dag: string, most: number): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into dagverbruik as d (client_id, dag, zoekvragen) values (${clientId}, ${dag}, 1)
    on conflict (client_id, dag) do update set zoekvragen = d.zoekvragen + 1 where d.zoekvragen < ${most}`.execute(
    tx
  )
  return numAffectedRows > 0n
}

import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/** One person's data processed once: who, for what, under which trace; the person only as a pseudonym. */
export type Verwerking = {
  gemeentecode: string
  traceId: string
  activiteit: string
  clientId: string
  signaalpartnerId?: string | undefined
  betrokkenePseudoniem: Buffer
  objectId: string
  op: Date
}

/** Writes the processing log in the transaction of the processing: no log, no processing. */
export async function logProcessing(tx: Tx, verwerkingen: readonly Verwerking[]): Promise<void> {
  if (verwerkingen.length === 0) return
  const rows = JSON.stringify(
    verwerkingen.map(({ betrokkenePseudoniem, ...rest }) => ({
      ...rest,
      id: randomUUIDv7(),
      betrokkenePseudoniem: `\\x${betrokkenePseudoniem.toString('hex')}`
    }))
  )
  await sql`
    insert into verwerking (gemeentecode, id, trace_id, activiteit, client_id, signaalpartner_id,
      betrokkene_pseudoniem, object_id, op)
    select r."gemeentecode", r."id", r."traceId", r."activiteit", r."clientId", r."signaalpartnerId",
      r."betrokkenePseudoniem", r."objectId", r."op"
    from json_to_recordset(${rows}::json) as r("gemeentecode" text, "id" uuid, "traceId" text, "activiteit" text,
      "clientId" uuid, "signaalpartnerId" uuid, "betrokkenePseudoniem" bytea, "objectId" uuid, "op" timestamptz)
  `.execute(tx)
}

import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { listOf, listOfBytes } from '../platform/database/many.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { sendStatement } from '../platform/database/transaction-of.ts'

/**
 * A sheet of the processing log: who processed whose data, why, under which trace and for which employee. Persons are
 * pseudonyms, each beside the signal, household or case that was processed.
 */
export type Verwerkingsblad = Selectable<Tables['verwerkingsblad']>

/** Adds sheets to the processing log; the transaction cannot commit without them. */
export function addVerwerkingsbladen(tx: Tx, bladen: readonly Verwerkingsblad[]): void {
  for (const blad of bladen) sendStatement(tx, insertOf(blad))
}

function insertOf(blad: Verwerkingsblad): RawBuilder<unknown> {
  return sql`
    ${keptPlan} insert into verwerkingsblad (gemeentecode, id, trace_id, activiteit, client_id, signaalpartner_id,
      betrokkene_pseudoniemen, object_ids, op, gebruiker)
    values (${blad.gemeentecode}, ${blad.id}, ${blad.traceId}, ${blad.activiteit}, ${blad.clientId},
      ${blad.signaalpartnerId}, ${listOfBytes(blad.betrokkenePseudoniemen)}, ${listOf('uuid', blad.objectIds)},
      ${blad.op}, ${blad.gebruiker})`
}

/** Destroys at most `limit` sheets whose term, that of their municipality, is over; returns how many. */
export async function destroyVerwerkingen(tx: Tx, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from verwerkingsblad where (gemeentecode, id) in (
      select v.gemeentecode, v.id from verlopen_verwerkingsbladen(${limit}) v)`.execute(tx)
  return Number(numAffectedRows)
}

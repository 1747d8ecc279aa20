import type { Selectable } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** A record of the destruction of signals that were erased. */
export type Wissingsbewijs = Pick<Selectable<Tables['vernietiging']>, 'id' | 'aantalVroegsignalen' | 'bewijs'>

/** The number of the last record in the chain of a municipality; 0 when it has none. */
export async function findLastVolgnummer(tx: Tx, gemeentecode: string): Promise<number> {
  const row = await tx
    .selectFrom('vernietiging')
    .select('volgnummer')
    .where('gemeentecode', '=', gemeentecode)
    .orderBy('volgnummer', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.volgnummer ?? 0
}

/** The first records of erasures in the chain of a municipality after a number, in order. */
export async function listWissingsbewijzen(
  tx: Tx,
  gemeentecode: string,
  volgnummer: number,
  limit = 1_000
): Promise<Wissingsbewijs[]> {
  return tx
    .selectFrom('vernietiging')
    .select(['id', 'aantalVroegsignalen', 'bewijs'])
    .where('gemeentecode', '=', gemeentecode)
    .where('volgnummer', '>', volgnummer)
    .where('aanleiding', '=', 'wissing')
    .orderBy('volgnummer')
    .limit(limit)
    .execute()
}

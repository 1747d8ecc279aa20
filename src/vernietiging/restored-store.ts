import type { Selectable } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'

/** What of a signal is needed to open it. */
export type SealedRij = Pick<
  Selectable<Tables['vroegsignaal']>,
  'gemeentecode' | 'id' | 'sleuteldag' | 'inhoud' | 'adresBekend'
>

/** Signals of a municipality that have not come to their day, in order of id, after `after`. */
export async function listSealed(
  tx: Tx,
  gemeentecode: string,
  after: string | undefined,
  limit: number
): Promise<SealedRij[]> {
  return tx
    .selectFrom('vroegsignaal')
    .select(['gemeentecode', 'id', 'sleuteldag', 'inhoud', 'adresBekend'])
    .where('gemeentecode', '=', gemeentecode)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

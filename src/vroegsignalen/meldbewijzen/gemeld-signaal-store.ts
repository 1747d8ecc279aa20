import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { isOneOf, piecesOf } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** The record that is kept of a signal after it is over for its partner. */
export type GemeldSignaal = Selectable<Tables['gemeldSignaal']>

/** Records that these signals were reported, now that they are over for their partners. */
export async function addGemeldeSignalen(tx: Tx, gemeld: readonly GemeldSignaal[]): Promise<void> {
  for (const piece of piecesOf(gemeld)) await tx.insertInto('gemeldSignaal').values(piece).execute()
}

/** The record of one of the caller's signals that is over for it. */
export async function findGemeldSignaal(
  tx: Tx,
  id: string
): Promise<
  Pick<GemeldSignaal, 'gemeentecode' | 'betrokkenePseudoniem' | 'vernietigingsdatum' | 'inhoud'> | undefined
> {
  return tx
    .selectFrom('gemeldSignaal')
    .select(['gemeentecode', 'betrokkenePseudoniem', 'vernietigingsdatum', 'inhoud'])
    .where('id', '=', id)
    .where('vernietigingsdatum', '>', sql<string>`hub_vandaag()`)
    .executeTakeFirst()
}

/** Destroys the records of these signals. */
export async function destroyGemeldeSignalen(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[]
): Promise<void> {
  if (ids.length === 0) return
  await tx
    .deleteFrom('gemeldSignaal')
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('id', 'uuid', ids))
    .execute()
}

/** Destroys the records of a municipality that are due; returns the ids of their signals. */
export async function destroyExpiredGemeldeSignalen(
  tx: Tx,
  gemeentecode: string,
  vandaag: string
): Promise<string[]> {
  const gone = await tx
    .deleteFrom('gemeldSignaal')
    .where('gemeentecode', '=', gemeentecode)
    .where('vernietigingsdatum', '<=', vandaag)
    .returning('id')
    .execute()
  return gone.map(({ id }) => id)
}

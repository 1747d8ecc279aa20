import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import {
  dueOn,
  isOneOf,
  listed,
  piecesOf,
  type Sleutel,
  type Vervaldag
} from '../../platform/database/many.ts'
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
  | Pick<
      GemeldSignaal,
      'gemeentecode' | 'signaalpartnerId' | 'betrokkenePseudoniem' | 'vernietigingsdatum' | 'inhoud'
    >
  | undefined
> {
  return tx
    .selectFrom('gemeldSignaal')
    .select(['gemeentecode', 'signaalpartnerId', 'betrokkenePseudoniem', 'vernietigingsdatum', 'inhoud'])
    .where('id', '=', id)
    .where(sql<boolean>`(vernietigingsdatum > hub_vandaag()) is true`)
    .executeTakeFirst()
}

/** The sealed receipts of the caller's signals with these ids that are over for it. */
export async function listGemeldeSignalen(
  tx: Tx,
  ids: readonly string[]
): Promise<Pick<GemeldSignaal, 'signaalpartnerId' | 'id' | 'vernietigingsdatum' | 'inhoud'>[]> {
  return tx
    .selectFrom('gemeldSignaal')
    .select(['signaalpartnerId', 'id', 'vernietigingsdatum', 'inhoud'])
    .where(isOneOf('id', 'uuid', ids))
    .where(sql<boolean>`(vernietigingsdatum > hub_vandaag()) is true`)
    .execute()
}

/** Moves the record of a signal to the municipality that the signal moves to. Expects the duty `doorzender`. */
export async function moveGemeldSignaal(tx: Tx, { gemeentecode, id }: Sleutel, naar: string): Promise<void> {
  await tx
    .updateTable('gemeldSignaal')
    .set({ gemeentecode: naar })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Destroys the records of these signals. */
export async function destroyGemeldeSignalen(tx: Tx, signalen: readonly Sleutel[]): Promise<void> {
  if (signalen.length === 0) return
  await sql`delete from gemeld_signaal g using ${listed('s', signalen)}
    where g.gemeentecode = s.gemeentecode and g.id = s.id`.execute(tx)
}

/** Destroys the records that are due on these days; returns the ids of their signals. */
export async function destroyExpiredGemeldeSignalen(tx: Tx, due: readonly Vervaldag[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from gemeld_signaal g using ${dueOn('d', due)}
    where g.gemeentecode = d.gemeentecode and g.vernietigingsdatum = d.dag returning g.id`.execute(tx)
  return rows.map(({ id }) => id)
}

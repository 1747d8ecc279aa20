import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import { dueOn, listed, piecesOf, type Sleutel, type Vervaldag } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Rij = Selectable<Tables['terugkoppeling']>
/** A terugkoppeling that has no number yet. */
export type NieuweTerugkoppeling = Omit<Rij, 'volgnummer'>
/** A terugkoppeling as the calling partner reads it. */
export type TerugkoppelingRij = Omit<Rij, 'signaalpartnerId'>

/**
 * Adds to the feeds of partners. The counter of each partner stays locked until the commit, so that a reader who
 * follows the numbers never misses a late commit.
 */
export async function addTerugkoppelingen(tx: Tx, given: readonly NieuweTerugkoppeling[]): Promise<void> {
  inLockOrder(tx, 'terugkoppeling')
  const perPartner = Map.groupBy(given, ({ signaalpartnerId }) => signaalpartnerId)
  // In a fixed order, so that two municipalities never deadlock.
  for (const [signaalpartnerId, ofOne] of [...perPartner].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { laatste } = await tx
      .insertInto('terugkoppelingStand')
      .values({ signaalpartnerId, laatste: ofOne.length })
      .onConflict((conflict) =>
        conflict.column('signaalpartnerId').doUpdateSet({
          laatste: sql`terugkoppeling_stand.laatste + excluded.laatste`
        })
      )
      .returning('laatste')
      .executeTakeFirstOrThrow()
    const first = laatste - ofOne.length + 1
    const numbered = ofOne.map((one, index) => ({ ...one, volgnummer: first + index }))
    for (const piece of piecesOf(numbered)) await tx.insertInto('terugkoppeling').values(piece).execute()
  }
}

/** The feed of the calling partner after a number, in order of number. */
export async function listTerugkoppelingen(
  tx: Tx,
  after: number,
  limit: number
): Promise<TerugkoppelingRij[]> {
  return tx
    .selectFrom('terugkoppeling')
    .select([
      'gemeentecode',
      'id',
      'volgnummer',
      'vroegsignaalId',
      'code',
      'op',
      'incassopauzeTotEnMet',
      'betrokkenePseudoniem',
      'vernietigingsdatum',
      'inhoud'
    ])
    .where('volgnummer', '>', after)
    .orderBy('volgnummer')
    .limit(limit)
    .execute()
}

/** Moves what was said about a signal to the municipality that the signal moves to. */
export async function moveTerugkoppelingen(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  naar: string
): Promise<void> {
  await tx
    .updateTable('terugkoppeling')
    .set({ gemeentecode: naar })
    .where('gemeentecode', '=', gemeentecode)
    .where('vroegsignaalId', '=', id)
    .execute()
}

/** Destroys what was said about these signals, whatever its day. */
export async function destroyTerugkoppelingen(tx: Tx, signalen: readonly Sleutel[]): Promise<void> {
  if (signalen.length === 0) return
  await sql`delete from terugkoppeling t using ${listed('s', signalen)}
    where t.gemeentecode = s.gemeentecode and t.vroegsignaal_id = s.id`.execute(tx)
}

/** Destroys what these municipalities said about signals, where that is due on these days. */
export async function destroyExpiredTerugkoppelingen(tx: Tx, due: readonly Vervaldag[]): Promise<void> {
  await sql`delete from terugkoppeling t using ${dueOn('d', due)}
    where t.gemeentecode = d.gemeentecode and t.vernietigingsdatum = d.dag`.execute(tx)
}

import { type Selectable, sql } from 'kysely'
import type { Betwistingsreactie } from '../../begrippen/betwistingsreden.ts'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import { isOneOf, listed, type Sleutel } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

export type BetwistingRij = Selectable<Tables['betwisting']>

/** Adds a contest; false when the signal already has an unanswered one. */
export async function addBetwisting(tx: Tx, betwisting: BetwistingRij): Promise<boolean> {
  const added = await tx
    .insertInto('betwisting')
    .values(betwisting)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** Contests that the caller may see, newest first, before `before`. */
export async function listBetwistingen(
  tx: Tx,
  filter: { vroegsignaalId?: string | undefined; isOpen?: boolean | undefined },
  before: string | undefined,
  limit: number
): Promise<BetwistingRij[]> {
  const { vroegsignaalId, isOpen } = filter
  return shown(tx)
    .$if(vroegsignaalId !== undefined, (query) => query.where('vroegsignaalId', '=', vroegsignaalId!))
    .$if(isOpen !== undefined, (query) => query.where('reactie', isOpen ? 'is' : 'is not', null))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** The contest, if the caller may see it. */
export async function findBetwisting(tx: Tx, id: string): Promise<BetwistingRij | undefined> {
  return shown(tx).where('id', '=', id).executeTakeFirst()
}

/** Locks a contest of the calling partner until the transaction ends and returns it. */
export async function lockBetwisting(tx: Tx, id: string): Promise<BetwistingRij | undefined> {
  inLockOrder(tx, 'betwisting')
  return shown(tx).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Saves the partner's answer. */
export async function saveReactie(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  antwoord: { reactie: Betwistingsreactie; beantwoordOp: Date; inhoud: Buffer }
): Promise<void> {
  await tx
    .updateTable('betwisting')
    .set(antwoord)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Hides the contests of these signals from `dag` on, where that is sooner than their own day. */
export async function bringBetwistingenForward(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  dag: IsoDate
): Promise<void> {
  await tx
    .updateTable('betwisting')
    .set({ vernietigingsdatum: dag })
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('vroegsignaalId', 'uuid', ids))
    .where('vernietigingsdatum', '>', dag)
    .execute()
}

/** Gives the contests of these signals the term of the signal back. */
export async function restoreBetwistingen(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[]
): Promise<void> {
  await tx
    .updateTable('betwisting')
    .set({ vernietigingsdatum: sql`sleuteldag` })
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('vroegsignaalId', 'uuid', ids))
    .execute()
}

/** Destroys the contests of these signals. */
export async function destroyBetwistingenOf(tx: Tx, signalen: readonly Sleutel[]): Promise<void> {
  if (signalen.length === 0) return
  await sql`delete from betwisting b using ${listed('s', signalen)}
    where b.gemeentecode = s.gemeentecode and b.vroegsignaal_id = s.id`.execute(tx)
}

function shown(tx: Tx) {
  return tx
    .selectFrom('betwisting')
    .select([
      'gemeentecode',
      'id',
      'vroegsignaalId',
      'signaalpartnerId',
      'reden',
      'reactie',
      'betrokkenePseudoniem',
      'ingediendOp',
      'beantwoordOp',
      'sleuteldag',
      'vernietigingsdatum',
      'inhoud'
    ])
}

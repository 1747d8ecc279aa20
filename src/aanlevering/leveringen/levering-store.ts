import type { Selectable } from 'kysely'
import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

export type AanleveringRij = Selectable<Tables['aanlevering']>
export type DeelRij = Selectable<Tables['aanleveringDeel']>

/** Stores the counts of a delivery. */
export async function addAanlevering(tx: Tx, levering: AanleveringRij): Promise<void> {
  await tx
    .insertInto('aanlevering')
    .values({ ...levering, redenen: JSON.stringify(levering.redenen) })
    .execute()
}

/** Stores one sealed part of the report of a delivery. */
export async function addAanleveringDeel(tx: Tx, deel: DeelRij): Promise<void> {
  await tx.insertInto('aanleveringDeel').values(deel).execute()
}

/** The counts of one of the caller's deliveries. */
export async function findAanlevering(tx: Tx, id: string): Promise<AanleveringRij | undefined> {
  return tx.selectFrom('aanlevering').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The caller's deliveries, newest first, after `after`. */
export async function listAanleveringen(
  tx: Tx,
  after: string | undefined,
  limit: number
): Promise<AanleveringRij[]> {
  return tx
    .selectFrom('aanlevering')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

const countColumn = {
  opgenomen: 'aantalOpgenomen',
  afgewezen: 'aantalAfgewezen',
  ongewijzigd: 'aantalOngewijzigd'
} as const

/**
 * At most `limit` parts of a report with lines from `vanRegel` on, in order; with `uitkomst` only parts that have it.
 */
export async function listAanleveringDelen(
  tx: Tx,
  aanleveringId: string,
  vanRegel: number,
  uitkomst: Regeluitkomst | undefined,
  limit: number
): Promise<DeelRij[]> {
  return tx
    .selectFrom('aanleveringDeel')
    .selectAll()
    .where('aanleveringId', '=', aanleveringId)
    .where('totEnMetRegel', '>=', vanRegel)
    .$if(uitkomst !== undefined, (query) => query.where(countColumn[uitkomst!], '>', 0))
    .orderBy('vanRegel')
    .limit(limit)
    .execute()
}

/** Destroys the reports of deliveries that are due. */
export async function destroyExpiredAanleveringen(tx: Tx, vandaag: IsoDate): Promise<void> {
  await tx.deleteFrom('aanleveringDeel').where('vernietigingsdatum', '<=', vandaag).execute()
  await tx.deleteFrom('aanlevering').where('vernietigingsdatum', '<=', vandaag).execute()
}

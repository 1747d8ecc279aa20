import type { Selectable } from 'kysely'
import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

export type AanleveringRij = Selectable<Tables['aanlevering']>
export type DeelRij = Selectable<Tables['aanleveringDeel']>

export async function addAanlevering(tx: Tx, levering: AanleveringRij): Promise<void> {
  await tx
    .insertInto('aanlevering')
    .values({ ...levering, redenen: JSON.stringify(levering.redenen) })
    .execute()
}

export async function addAanleveringDeel(tx: Tx, deel: DeelRij): Promise<void> {
  await tx.insertInto('aanleveringDeel').values(deel).execute()
}

/** A delivery of the caller. */
export async function findAanlevering(tx: Tx, id: string): Promise<AanleveringRij | undefined> {
  return tx.selectFrom('aanlevering').selectAll().where('id', '=', id).executeTakeFirst()
}

const countColumn = {
  opgenomen: 'aantalOpgenomen',
  afgewezen: 'aantalAfgewezen',
  ongewijzigd: 'aantalOngewijzigd'
} as const

/** The first parts of a delivery that hold lines from `vanRegel` on with this outcome. */
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

/** Destroys the reports of deliveries whose term is over. */
export async function destroyExpiredAanleveringen(tx: Tx, vandaag: IsoDate): Promise<void> {
  await tx.deleteFrom('aanleveringDeel').where('vernietigingsdatum', '<=', vandaag).execute()
  await tx.deleteFrom('aanlevering').where('vernietigingsdatum', '<=', vandaag).execute()
}

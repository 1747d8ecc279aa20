import type { Instellingen } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type GemeenteRij = {
  gemeentecode: string
  naam: string
  oin: string | null
  instellingen: Instellingen
}

const columns = ['gemeentecode', 'naam', 'oin', 'instellingen'] as const

/** Adds a municipality; returns false when it exists already. */
export async function addGemeente(tx: Tx, gemeente: GemeenteRij): Promise<boolean> {
  const added = await tx
    .insertInto('gemeente')
    .values({ ...gemeente, instellingen: JSON.stringify(gemeente.instellingen) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** The municipality, or undefined when it does not take part. */
export async function findGemeente(tx: Tx, gemeentecode: string): Promise<GemeenteRij | undefined> {
  return tx.selectFrom('gemeente').select(columns).where('gemeentecode', '=', gemeentecode).executeTakeFirst()
}

/** The names of these municipalities, by code. */
export async function listGemeentenamen(
  tx: Tx,
  gemeentecodes: readonly string[]
): Promise<Map<string, string>> {
  if (gemeentecodes.length === 0) return new Map()
  const rows = await tx
    .selectFrom('gemeente')
    .select(['gemeentecode', 'naam'])
    .where('gemeentecode', 'in', [...gemeentecodes])
    .execute()
  return new Map(rows.map(({ gemeentecode, naam }) => [gemeentecode, naam]))
}

/** Locks a municipality until the transaction ends and returns it. */
export async function lockGemeente(tx: Tx, gemeentecode: string): Promise<GemeenteRij | undefined> {
  inLockOrder(tx, 'organisatie')
  return tx
    .selectFrom('gemeente')
    .select(columns)
    .where('gemeentecode', '=', gemeentecode)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Municipalities in order of code, after `after`; all of them, or only the codes given. */
export async function listGemeenten(
  tx: Tx,
  after: string,
  limit: number,
  gemeentecodes?: readonly string[]
): Promise<GemeenteRij[]> {
  return tx
    .selectFrom('gemeente')
    .select(columns)
    .where('gemeentecode', '>', after)
    .$if(gemeentecodes !== undefined, (query) => query.where('gemeentecode', 'in', gemeentecodes!))
    .orderBy('gemeentecode')
    .limit(limit)
    .execute()
}

/** Saves everything that the operator may change of a municipality. */
export async function saveGemeente(tx: Tx, { gemeentecode, ...gemeente }: GemeenteRij): Promise<void> {
  await tx
    .updateTable('gemeente')
    .set({ ...gemeente, instellingen: JSON.stringify(gemeente.instellingen) })
    .where('gemeentecode', '=', gemeentecode)
    .execute()
}

/** Saves the settings, which a municipality may change itself. */
export async function saveInstellingen(
  tx: Tx,
  gemeentecode: string,
  instellingen: Instellingen
): Promise<void> {
  await tx
    .updateTable('gemeente')
    .set({ instellingen: JSON.stringify(instellingen) })
    .where('gemeentecode', '=', gemeentecode)
    .execute()
}

/** The codes of all municipalities that take part, in order. */
export async function listGemeentecodes(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('gemeente').select('gemeentecode').orderBy('gemeentecode').execute()
  return rows.map(({ gemeentecode }) => gemeentecode)
}

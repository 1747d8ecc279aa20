import type { Instellingen } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

export type GemeenteRij = {
  gemeentecode: string
  naam: string
  oin: string | null
  instellingen: Instellingen
}

const columns = ['gemeentecode', 'naam', 'oin', 'instellingen'] as const

/** Adds a municipality; false when it is there already. */
export async function addGemeente(tx: Tx, gemeente: GemeenteRij): Promise<boolean> {
  const added = await tx
    .insertInto('gemeente')
    .values({ ...gemeente, instellingen: JSON.stringify(gemeente.instellingen) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

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

/** The municipality, held against change until the transaction ends. */
export async function lockGemeente(tx: Tx, gemeentecode: string): Promise<GemeenteRij | undefined> {
  return tx
    .selectFrom('gemeente')
    .select(columns)
    .where('gemeentecode', '=', gemeentecode)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

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

export async function saveGemeente(tx: Tx, { gemeentecode, ...gemeente }: GemeenteRij): Promise<void> {
  await tx
    .updateTable('gemeente')
    .set({ ...gemeente, instellingen: JSON.stringify(gemeente.instellingen) })
    .where('gemeentecode', '=', gemeentecode)
    .execute()
}

/** Changes only what a municipality may change of itself. */
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

export async function listGemeentecodes(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('gemeente').select('gemeentecode').orderBy('gemeentecode').execute()
  return rows.map(({ gemeentecode }) => gemeentecode)
}

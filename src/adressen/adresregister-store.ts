import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

export type PostcodeInGemeente = { readonly postcode: string; readonly gemeentecode: string }

const slice = 10_000

/** Replaces the whole register with these pairs. */
export async function replaceAdresregister(tx: Tx, pairs: readonly PostcodeInGemeente[]): Promise<void> {
  await tx.deleteFrom('adresregister').execute()
  for (let start = 0; start < pairs.length; start += slice) {
    const rows = JSON.stringify(pairs.slice(start, start + slice))
    await sql`insert into adresregister (postcode, gemeentecode)
      select r.postcode, r.gemeentecode from json_to_recordset(${rows}::json) as r(postcode text, gemeentecode text)
    `.execute(tx)
  }
}

/** Records that the register was loaded. */
export async function addRegisterlevering(
  tx: Tx,
  levering: { id: string; geladenOp: Date; aantalPostcodes: number }
) {
  await tx.insertInto('adresregisterLevering').values(levering).execute()
}

/** One delivery of the register. */
export async function findRegisterlevering(tx: Tx, id: string) {
  return tx
    .selectFrom('adresregisterLevering')
    .select(['id', 'geladenOp', 'aantalPostcodes'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The last delivery of the register, which is what it holds now. */
export async function findLastRegisterlevering(tx: Tx) {
  return tx
    .selectFrom('adresregisterLevering')
    .select(['id', 'geladenOp', 'aantalPostcodes'])
    .orderBy('geladenOp', 'desc')
    .limit(1)
    .executeTakeFirst()
}

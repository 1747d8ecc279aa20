import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** A municipality that merges into another one. */
export type Herindeling = Selectable<Tables['herindeling']>

const columns = ['van', 'naar', 'datum', 'opvolger', 'geplandOp', 'uitgevoerdOp'] as const

/** All re-divisions, planned and past, by day. */
export async function listHerindelingen(tx: Tx): Promise<Herindeling[]> {
  return tx.selectFrom('herindeling').select(columns).orderBy('datum').orderBy('van').execute()
}

/** Adds planned re-divisions. */
export async function addHerindelingen(
  tx: Tx,
  herindelingen: readonly Pick<Herindeling, 'van' | 'naar' | 'datum' | 'geplandOp'>[]
): Promise<void> {
  const rows = herindelingen.map((one) => ({ ...one, opvolger: one.naar, uitgevoerdOp: null }))
  await tx.insertInto('herindeling').values(rows).execute()
}

/** Withdraws the planned re-divisions of these municipalities whose day has not come; returns which. */
export async function removeHerindelingen(tx: Tx, van: readonly string[]): Promise<string[]> {
  const rows = await tx
    .deleteFrom('herindeling')
    .where('van', 'in', [...van])
    .returning('van')
    .execute()
  return rows.map((row) => row.van)
}

/** The municipalities that merged into these by the day of the transaction. */
export async function listVoorgangers(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('herindeling')
    .select('van')
    .where('opvolger', 'in', [...gemeentecodes])
    .where(sql<boolean>`datum <= hub_vandaag()`)
    .orderBy('van')
    .execute()
  return rows.map((row) => row.van)
}

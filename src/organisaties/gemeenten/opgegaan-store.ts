import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Herindeling = Selectable<Tables['herindeling']>

/** The re-division by which a municipality is no more today; undefined while it is there. */
export async function findOpgegaan(tx: Tx, gemeentecode: string): Promise<Herindeling | undefined> {
  return (await listOpgegaan(tx, [gemeentecode]))[0]
}

/** The re-divisions by which any of these municipalities is no more today. */
export async function listOpgegaan(tx: Tx, gemeentecodes: readonly string[]): Promise<Herindeling[]> {
  if (gemeentecodes.length === 0) return []
  return tx
    .selectFrom('herindeling')
    .select(['van', 'naar', 'datum', 'opvolger', 'geplandOp', 'uitgevoerdOp'])
    .where('van', 'in', [...gemeentecodes])
    .where(sql<boolean>`datum <= hub_vandaag()`)
    .execute()
}

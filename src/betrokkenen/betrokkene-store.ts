import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isAmong, isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

const columns = [
  'gemeentecode',
  'id',
  'signaalpartnerId',
  'status',
  'ontvangenOp',
  'reactiedatum',
  'sleuteldag',
  'vernietigingsdatum',
  'herhalingVan',
  'adresIndex',
  'adresBekend',
  'persoonIndex',
  'afgerond',
  'inhoud',
  'beoordeling'
] as const

/** A signal that is still held, whether or not any list shows it. */
export type GehoudenRij = Pick<Rij, (typeof columns)[number]>

/**
 * Every signal on these addresses, or with these BSNs, that these municipalities hold: also one that its partner withdrew
 * and that a case still holds. Only the duty that acts for a municipality beyond its lists sees them all.
 */
export async function listGehouden(
  tx: Tx,
  gemeentecodes: readonly string[],
  by: 'adresIndex' | 'bsnIndex',
  indexen: readonly Buffer[]
): Promise<GehoudenRij[]> {
  if (indexen.length === 0) return []
  const column = sql.ref(by)
  const { rows } = await sql<GehoudenRij>`
    select ${sql.join(columns.map((name) => sql.ref(`s.${name}`)))}
    from unnest(${[...indexen]}::bytea[]) as g(gezocht) cross join lateral (
      select * from vroegsignaal v where v.${column} = g.gezocht offset 0) s
    where ${isAmong('s.gemeentecode', gemeentecodes)} and s.vernietigingsdatum > (select hub_vandaag())
      and s.vernietigingsaanleiding in ('bewaartermijn', 'geen-hulp')
    order by s.id`.execute(tx)
  return rows
}

/** Withdraws these signals of a municipality and makes them due for destruction at once; locks them in order of id. */
export async function condemnGehouden(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  grond: Rij['vernietigingsaanleiding']
): Promise<void> {
  await lockGehouden(tx, gemeentecode, ids)
  await tx
    .updateTable('vroegsignaal')
    .set({ status: 'ingetrokken', vernietigingsaanleiding: grond })
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .execute()
}

async function lockGehouden(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  inLockOrder(tx, 'vroegsignaal')
  await tx
    .selectFrom('vroegsignaal')
    .select('id')
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .orderBy('id')
    .forUpdate()
    .execute()
}

import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'
import { sqlName, vroegsignaalColumnNames } from './vroegsignaal-columns.ts'

type Rij = Selectable<Tables['vroegsignaal']>

const allColumns = sql.raw(vroegsignaalColumnNames.map(sqlName).join(', '))

/** Saves what the municipality did with signals, and whether they are over for their partners. */
export async function settleVroegsignalen(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  settled: Pick<Rij, 'status' | 'afgerond'>
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set(settled)
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('id', 'uuid', ids))
    .execute()
}

/** Moves the destruction of signals forward to `dag` because no help is wanted, unless they are due sooner. */
export async function bringForward(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  dag: IsoDate
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ vernietigingsdatum: dag, vernietigingsaanleiding: 'geen-hulp' })
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('id', 'uuid', ids))
    .where('vernietigingsdatum', '>', dag)
    .execute()
}

/**
 * Moves a signal to another municipality with all its days, as one that waits to be taken up. False, and nothing moved,
 * when its partner has no agreement in force there.
 */
export async function moveVroegsignaal(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  naar: string,
  inhoud: Buffer
): Promise<boolean> {
  const moved: { readonly [column in keyof Rij]?: RawBuilder<unknown> } = {
    gemeentecode: sql`${naar}::text`,
    status: sql`'ontvangen'`,
    inhoud: sql`${inhoud}::bytea`,
    doorgezondenVan: sql`coalesce(doorgezonden_van, gemeentecode)`
  }
  const movedValue = (column: keyof Rij) => moved[column] ?? sql.ref(column)
  const { numAffectedRows } = await sql`
    with weg as (
      delete from vroegsignaal v where v.gemeentecode = ${gemeentecode} and v.id = ${id} and exists (
        select from overeenkomst o
        where o.gemeentecode = ${naar} and o.signaalpartner_id = v.signaalpartner_id and v.sector = any (o.sectoren)
          and overeenkomst_geldt(o, v.signaaldatum) and overeenkomst_geldt(o, hub_vandaag()))
      returning *
    )
    insert into vroegsignaal (${allColumns}) select ${sql.join(vroegsignaalColumnNames.map(movedValue))}
    from weg`.execute(tx)
  return numAffectedRows === 1n
}

import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { isAmong, isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'
import { sqlName, vroegsignaalColumnNames } from './vroegsignaal-columns.ts'

type Rij = Selectable<Tables['vroegsignaal']>

// True when a case without a result holds the signal `s`.
const isInOpenZaak = sql`exists (
  select from zaak_vroegsignaal k join vroegsignaalzaak z on z.gemeentecode = k.gemeentecode and z.id = k.zaak_id
  where k.gemeentecode = s.gemeentecode and k.vroegsignaal_id = s.id and z.resultaat is null)`

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
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .execute()
}

/** Moves the destruction of signals forward to `dag`, for this reason, unless they are due sooner. */
export async function bringForward(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  dag: IsoDate,
  grond: Rij['vernietigingsaanleiding']
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ vernietigingsdatum: dag, vernietigingsaanleiding: grond })
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .where('vernietigingsdatum', '>', dag)
    .execute()
}

/** Gives signals their own term back, where their destruction was brought forward because no help was wanted. */
export async function restoreTerm(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ vernietigingsdatum: sql`sleuteldag`, vernietigingsaanleiding: 'bewaartermijn' })
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .where('vernietigingsaanleiding', '=', 'geen-hulp')
    .execute()
}

/**
 * Makes the signals of a case that their partners withdrew due for destruction on `dag`, unless another case is open
 * about them; returns their ids.
 */
export async function condemnWithdrawn(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  dag: IsoDate
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update vroegsignaal s set vernietigingsdatum = ${dag}, vernietigingsaanleiding = 'intrekking'
    where ${isAmong('s.gemeentecode', [gemeentecode])} and s.status = 'ingetrokken' and s.id in (
        select vroegsignaal_id from zaak_vroegsignaal where gemeentecode = ${gemeentecode} and zaak_id = ${id})
      and not ${isInOpenZaak}
    returning s.id`.execute(tx)
  return rows.map((row) => row.id)
}

/** True when a municipality has an open case about a signal. */
export async function hasOpenZaak(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<boolean> {
  const { rows } = await sql<{ isOpen: boolean }>`
    select ${isInOpenZaak} as is_open from vroegsignaal s
    where s.gemeentecode = ${gemeentecode} and s.id = ${id}`.execute(tx)
  return rows[0]?.isOpen ?? false
}

/**
 * Moves a signal to another municipality with all its days, as one that waits to be taken up. False, and nothing moved,
 * when its partner has no agreement in force there.
 */
export async function moveVroegsignaal(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  naar: string,
  { inhoud, beoordeling }: { inhoud: Buffer; beoordeling: Buffer }
): Promise<boolean> {
  const moved: { readonly [column in keyof Rij]?: RawBuilder<unknown> } = {
    gemeentecode: sql`${naar}::text`,
    status: sql`'ontvangen'`,
    inhoud: sql`${inhoud}::bytea`,
    beoordeling: sql`${beoordeling}::bytea`,
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

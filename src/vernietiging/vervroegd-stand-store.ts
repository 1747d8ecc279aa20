import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/** The number of the last early destruction that was carried out in these rows. */
export async function readStand(tx: Tx): Promise<number> {
  const { volgnummer } = await tx.selectFrom('vervroegdStand').select('volgnummer').executeTakeFirstOrThrow()
  return volgnummer
}

/** Records that early destructions up to this one were carried out. Other transactions that record one wait for the end of this one. */
export async function raiseStand(tx: Tx, volgnummer: number): Promise<void> {
  await tx.updateTable('vervroegdStand').set({ volgnummer }).where('volgnummer', '<', volgnummer).execute()
}

/**
 * Makes signals that were destroyed early, and are there again, due for destruction at once, for the reason they had.
 * Returns the municipalities where any was there.
 */
export async function condemnAgain(
  tx: Tx,
  vervroegd: readonly { readonly id: string; readonly grond: string }[]
): Promise<string[]> {
  const ids = vervroegd.map(({ id }) => id)
  const gronden = vervroegd.map(({ grond }) => grond)
  const { rows } = await sql<{ gemeentecode: string }>`
    update vroegsignaal s set status = 'ingetrokken', vernietigingsaanleiding = v.grond,
      vernietigingsdatum = least(s.vernietigingsdatum, hub_vandaag())
    from unnest(${ids}::uuid[], ${gronden}::text[]) as v(id, grond) where s.id = v.id
    returning s.gemeentecode`.execute(tx)
  return [...new Set(rows.map(({ gemeentecode }) => gemeentecode))]
}

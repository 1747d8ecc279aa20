import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { dueOn, isAmong, isOneOf, type Vervaldag } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** A restriction of what is held about a resident. */
export type BeperkingRij = Selectable<Tables['beperking']>
type Adres = { gemeentecode: string; adresIndex: Buffer }

export async function addBeperking(tx: Tx, beperking: BeperkingRij): Promise<void> {
  await tx.insertInto('beperking').values(beperking).execute()
}

/** A restriction that the caller may see. */
export async function findBeperking(tx: Tx, id: string): Promise<BeperkingRij | undefined> {
  return tx.selectFrom('beperking').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Restrictions in these municipalities, newest first, before `before`. */
export async function listBeperkingen(
  tx: Tx,
  gemeentecodes: readonly string[],
  before: string | undefined,
  limit: number
): Promise<BeperkingRij[]> {
  return tx
    .selectFrom('beperking')
    .selectAll()
    .where(isAmong('gemeentecode', gemeentecodes))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function destroyBeperking(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<void> {
  await tx.deleteFrom('beperking').where('gemeentecode', '=', gemeentecode).where('id', '=', id).execute()
}

/** Takes signals out of every list. */
export async function hideBeperkt(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ beperkt: true })
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .execute()
}

/** Shows signals again, unless another restriction holds them; returns their addresses. */
export async function showBeperkt(tx: Tx, ids: readonly string[]): Promise<Adres[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Adres>`
    update vroegsignaal s set beperkt = false where s.id = any (${[...ids]}::uuid[]) and s.beperkt
      and not exists (select from beperking b where b.gemeentecode = s.gemeentecode and s.id = any (b.vroegsignaal_ids))
    returning s.gemeentecode, s.adres_index`.execute(tx)
  return rows
}

/** Ends the restrictions that expired on these days; returns the addresses where signals are shown again. */
export async function endExpiredBeperkingen(tx: Tx, due: readonly Vervaldag[]): Promise<Adres[]> {
  const { rows } = await sql<{ vroegsignaalIds: string[] }>`
    delete from beperking b using ${dueOn('d', due)}
    where b.gemeentecode = d.gemeentecode and b.vervaldatum = d.dag returning b.vroegsignaal_ids`.execute(tx)
  return showBeperkt(
    tx,
    rows.flatMap(({ vroegsignaalIds }) => vroegsignaalIds)
  )
}

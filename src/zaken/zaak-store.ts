import { type Selectable, sql } from 'kysely'
import type { Eindresultaat } from '../begrippen/eindresultaat.ts'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isOneOf, piecesOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

type Rij = Omit<Selectable<Tables['vroegsignaalzaak']>, 'samengevoegd'>
/** A case with the ids of its live signals. */
export type ZaakRij = Rij & { vroegsignaalIds: string[] }

/** Opens a case; false when its household has an open one. */
export async function addZaak(tx: Tx, zaak: Omit<Rij, 'resultaat' | 'resultaatdatum'>): Promise<boolean> {
  const added = await tx
    .insertInto('vroegsignaalzaak')
    .values(zaak)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** Adds signals to a case and keeps the case at least as long as they live. */
export async function addVroegsignalenToZaak(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  signals: readonly { id: string; vernietigingsdatum: IsoDate }[]
): Promise<void> {
  const links = signals.map((signal) => ({ gemeentecode, zaakId: id, vroegsignaalId: signal.id }))
  for (const piece of piecesOf(links)) await tx.insertInto('zaakVroegsignaal').values(piece).execute()
  const last = lastDayOf(signals)
  await tx
    .updateTable('vroegsignaalzaak')
    .set({ vernietigingsdatum: last })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .where('vernietigingsdatum', '<', last)
    .execute()
}

/** The last day of destruction of these signals; there must be at least one. */
export function lastDayOf(signals: readonly { vernietigingsdatum: IsoDate }[]): IsoDate {
  return signals
    .map(({ vernietigingsdatum }) => vernietigingsdatum)
    .sort()
    .at(-1)!
}

/** A case of the caller. */
export async function findZaak(
  tx: Tx,
  gemeentecodes: readonly string[],
  id: string
): Promise<ZaakRij | undefined> {
  return shown(tx)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** A case of the caller, locked until the transaction ends. */
export async function lockZaak(
  tx: Tx,
  gemeentecodes: readonly string[],
  id: string
): Promise<ZaakRij | undefined> {
  inLockOrder(tx, 'zaak')
  await tx
    .selectFrom('vroegsignaalzaak')
    .select('id')
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return findZaak(tx, gemeentecodes, id)
}

/** Locks the cases of a signal and returns their results. Lock order: case before signal, everywhere. */
export async function lockZakenOf(
  tx: Tx,
  gemeentecodes: readonly string[],
  signaal: string
): Promise<(Eindresultaat | null)[]> {
  inLockOrder(tx, 'zaak')
  const zaken = tx.selectFrom('zaakVroegsignaal').select('zaakId').where('vroegsignaalId', '=', signaal)
  const rows = await tx
    .selectFrom('vroegsignaalzaak')
    .select('resultaat')
    .where('gemeentecode', 'in', [...gemeentecodes])
    .where('id', 'in', zaken.where('gemeentecode', 'in', [...gemeentecodes]))
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ resultaat }) => resultaat)
}

/** The sort key of the last case on the previous page. */
export type Zaakpositie = { datumOpgepakt: IsoDate; gemeentecode: string; id: string }

/** A page of cases, latest taken up first. */
export async function listZaken(
  tx: Tx,
  gemeentecodes: readonly string[],
  filter: { huishoudenId?: string | undefined; isOpen?: boolean | undefined },
  after: Zaakpositie | undefined,
  limit: number
): Promise<ZaakRij[]> {
  const { huishoudenId, isOpen } = filter
  return shown(tx)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .$if(huishoudenId !== undefined, (query) => query.where('huishoudenId', '=', huishoudenId!))
    .$if(isOpen !== undefined, (query) => query.where('resultaat', isOpen ? 'is' : 'is not', null))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(datum_opgepakt < ${after!.datumOpgepakt} or (datum_opgepakt = ${after!.datumOpgepakt}
          and (gemeentecode, id) > (${after!.gemeentecode}, ${after!.id}::uuid)))`
      )
    )
    .orderBy('datumOpgepakt', 'desc')
    .orderBy('gemeentecode')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Saves the result of a case. */
export async function saveResultaat(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  resultaat: Eindresultaat,
  resultaatdatum: IsoDate
): Promise<void> {
  await tx
    .updateTable('vroegsignaalzaak')
    .set({ resultaat, resultaatdatum })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Removes signals from their cases and destroys the cases that have no signal left. */
export async function destroyZakenOf(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const left = await tx
    .deleteFrom('zaakVroegsignaal')
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('vroegsignaalId', 'uuid', ids))
    .returning('zaakId')
    .execute()
  const zaakIds = [...new Set(left.map(({ zaakId }) => zaakId))]
  await settleLeftCases(tx, gemeentecode, zaakIds)
}

/** Removes all signals except these from a case, and destroys it when none is left. */
export async function destroyOtherLinks(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  kept: readonly string[]
): Promise<void> {
  await tx
    .deleteFrom('zaakVroegsignaal')
    .where('gemeentecode', '=', gemeentecode)
    .where('zaakId', '=', id)
    .where(sql<boolean>`vroegsignaal_id <> all (${[...kept]}::uuid[])`)
    .execute()
  await settleLeftCases(tx, gemeentecode, [id])
}

// A case without signals is destroyed at once; any other no later than the last signal that it still has.
async function settleLeftCases(tx: Tx, gemeentecode: string, zaakIds: readonly string[]): Promise<void> {
  if (zaakIds.length === 0) return
  await sql`delete from vroegsignaalzaak z where z.gemeentecode = ${gemeentecode}
    and z.id = any (${[...zaakIds]}::uuid[]) and not exists (
      select from zaak_vroegsignaal k where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id)`.execute(tx)
  await sql`update vroegsignaalzaak z set vernietigingsdatum = least(z.vernietigingsdatum, (
      select max(s.vernietigingsdatum) from zaak_vroegsignaal k
      join vroegsignaal s on s.gemeentecode = k.gemeentecode and s.id = k.vroegsignaal_id
      where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id))
    where z.gemeentecode = ${gemeentecode} and z.id = any (${[...zaakIds]}::uuid[])`.execute(tx)
}

function shown(tx: Tx) {
  return tx
    .selectFrom('vroegsignaalzaak')
    .select([
      'gemeentecode',
      'id',
      'huishoudenId',
      'adresIndex',
      'datumOpgepakt',
      'resultaat',
      'resultaatdatum',
      'vernietigingsdatum'
    ])
    .select(
      sql<string[]>`array(select k.vroegsignaal_id from zaak_vroegsignaal k
        join vroegsignaal s on s.gemeentecode = k.gemeentecode and s.id = k.vroegsignaal_id
        where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id
        order by k.vroegsignaal_id)`.as('vroegsignaalIds')
    )
}

import { type Selectable, sql } from 'kysely'
import type { Eindresultaat } from '../begrippen/eindresultaat.ts'
import type { Tables } from '../begrippen/tables.ts'
import { isTaken } from '../platform/database/database-errors.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isAmong, isOneOf, listed, piecesOf, type Sleutel } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

type Rij = Omit<Selectable<Tables['vroegsignaalzaak']>, 'samengevoegd' | 'afgeslotenOp'>
type Resultaat = Pick<Selectable<Tables['vroegsignaalzaak']>, 'resultaat' | 'resultaatdatum' | 'afgeslotenOp'>
/** A case with the ids of its live signals, and of those among them that its result is not about. */
export type ZaakRij = Rij & { vroegsignaalIds: string[]; buitenResultaat: string[] }

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
  return shown(tx).where(isAmong('gemeentecode', gemeentecodes)).where('id', '=', id).executeTakeFirst()
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
    .where(isAmong('gemeentecode', gemeentecodes))
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return findZaak(tx, gemeentecodes, id)
}

/**
 * Locks the cases of a signal and returns their results, and whether each is about the signal. Lock order: case before
 * signal, everywhere.
 */
export async function lockZakenOf(
  tx: Tx,
  gemeentecodes: readonly string[],
  signaal: string
): Promise<{ resultaat: Eindresultaat | null; isBetreft: boolean }[]> {
  inLockOrder(tx, 'zaak')
  const links = tx
    .selectFrom('zaakVroegsignaal')
    .select(['zaakId', 'buitenResultaat'])
    .where('vroegsignaalId', '=', signaal)
  const rows = await tx
    .selectFrom('vroegsignaalzaak')
    .select(['id', 'resultaat'])
    .where(isAmong('gemeentecode', gemeentecodes))
    .where('id', 'in', tx.selectFrom(links.as('k')).select('k.zaakId'))
    .orderBy('id')
    .forUpdate()
    .execute()
  const outside = new Set(
    (await links.execute()).filter((link) => link.buitenResultaat).map(({ zaakId }) => zaakId)
  )
  return rows.map(({ id, resultaat }) => ({ resultaat, isBetreft: !outside.has(id) }))
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
  // The cases of a household are found by it, whichever municipality it is in.
  const isOwn =
    huishoudenId === undefined
      ? isOneOf('gemeentecode', 'text', gemeentecodes)
      : isAmong('gemeentecode', gemeentecodes)
  return shown(tx)
    .where(isOwn)
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

/** Saves the result of a case, and which of its signals that is not about. */
export async function saveResultaat(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  resultaat: Resultaat,
  others: readonly string[]
): Promise<void> {
  await tx
    .updateTable('vroegsignaalzaak')
    .set(resultaat)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('zaakVroegsignaal')
    .set({ buitenResultaat: true })
    .where('gemeentecode', '=', gemeentecode)
    .where('zaakId', '=', id)
    .where(isOneOf('vroegsignaalId', 'uuid', others))
    .execute()
}

/**
 * Opens a case again, until the last day of its signals; false when another case of its household was opened meanwhile.
 * After that the transaction can only be rolled back.
 */
export async function clearResultaat(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  vernietigingsdatum: IsoDate
): Promise<boolean> {
  await tx
    .updateTable('zaakVroegsignaal')
    .set({ buitenResultaat: false })
    .where('gemeentecode', '=', gemeentecode)
    .where('zaakId', '=', id)
    .execute()
  try {
    await tx
      .updateTable('vroegsignaalzaak')
      .set({ resultaat: null, resultaatdatum: null, afgeslotenOp: null, vernietigingsdatum })
      .where('gemeentecode', '=', gemeentecode)
      .where('id', '=', id)
      .execute()
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

/** True when a case that is open, or was closed later, is about the same household or one of the same signals. */
export async function hasLaterZaak(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<boolean> {
  const { rows } = await sql<{ isLater: boolean }>`
    select exists (
      select from vroegsignaalzaak z join vroegsignaalzaak ander on ander.gemeentecode = z.gemeentecode
      where z.gemeentecode = ${gemeentecode} and z.id = ${id} and ander.id <> z.id
        and (ander.resultaat is null and ander.huishouden_id = z.huishouden_id and not z.samengevoegd
          or (ander.resultaat is null or ander.afgesloten_op > z.afgesloten_op) and exists (
            select from zaak_vroegsignaal k join zaak_vroegsignaal l on l.gemeentecode = k.gemeentecode
              and l.vroegsignaal_id = k.vroegsignaal_id
            where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id and l.zaak_id = ander.id))
    ) as is_later`.execute(tx)
  return rows[0]!.isLater
}

/** Removes signals from their cases and destroys the cases that have no signal left. */
export async function destroyZakenOf(tx: Tx, signalen: readonly Sleutel[]): Promise<void> {
  if (signalen.length === 0) return
  const { rows } = await sql<Sleutel>`
    with weg as (delete from zaak_vroegsignaal k using ${listed('s', signalen)}
      where k.gemeentecode = s.gemeentecode and k.vroegsignaal_id = s.id
      returning k.gemeentecode, k.zaak_id)
    select distinct gemeentecode, zaak_id as id from weg`.execute(tx)
  await settleZaken(tx, rows)
}

/** Destroys those of these cases that have no signal left; any other goes no later than its last signal. */
export async function settleZaken(tx: Tx, zaken: readonly Sleutel[]): Promise<void> {
  if (zaken.length === 0) return
  await sql`delete from vroegsignaalzaak z using ${listed('l', zaken)}
    where z.gemeentecode = l.gemeentecode and z.id = l.id and not exists (
      select from zaak_vroegsignaal k where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id)`.execute(tx)
  await sql`update vroegsignaalzaak z set vernietigingsdatum = least(z.vernietigingsdatum, (
      select max(s.vernietigingsdatum) from zaak_vroegsignaal k
      join vroegsignaal s on (s.gemeentecode = k.gemeentecode) is true and s.id = k.vroegsignaal_id
      where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id))
    from ${listed('l', zaken)} where z.gemeentecode = l.gemeentecode and z.id = l.id`.execute(tx)
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
    .select([
      sql<string[]>`array(select k.vroegsignaal_id from zaak_vroegsignaal k
        join vroegsignaal s on (s.gemeentecode = k.gemeentecode) is true and s.id = k.vroegsignaal_id
        where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id
        order by k.vroegsignaal_id)`.as('vroegsignaalIds'),
      sql<string[]>`array(select k.vroegsignaal_id from zaak_vroegsignaal k
        join vroegsignaal s on (s.gemeentecode = k.gemeentecode) is true and s.id = k.vroegsignaal_id
        where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id
          and k.buiten_resultaat order by k.vroegsignaal_id)`.as('buitenResultaat')
    ])
}

import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isAmong, isOneOf, type Sleutel } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

type Rij = Selectable<Tables['vroegsignaal']>

// True when a case without a result holds the signal `s`.
const isInOpenZaak = sql`exists (
  select from zaak_vroegsignaal k join vroegsignaalzaak z on z.gemeentecode = k.gemeentecode and z.id = k.zaak_id
  where k.gemeentecode = s.gemeentecode and k.vroegsignaal_id = s.id and z.resultaat is null)`

/**
 * Saves what the municipality did with signals, and whether they are over for their partners. One that was sent on to it
 * stays over.
 */
export async function settleVroegsignalen(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  settled: Pick<Rij, 'status' | 'afgerond'>
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ status: settled.status, afgerond: sql`${settled.afgerond} or doorgezonden_van is not null` })
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
 * Moves a signal to another municipality with all its days, as one that waits to be taken up, or, when its resident objected
 * there, as one that is withdrawn and due at once. False, and nothing moved, when its partner has no agreement in force
 * there. The row stays, so that who waits for it finds it moved. Expects the duty `doorzender`.
 */
export async function moveVroegsignaal(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  naar: string,
  { inhoud, beoordeling, isBezwaar }: { inhoud: Buffer; beoordeling: Buffer; isBezwaar: boolean }
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update vroegsignaal v set gemeentecode = ${naar}, inhoud = ${inhoud}, beoordeling = ${beoordeling},
      doorgezonden_van = coalesce(doorgezonden_van, gemeentecode), afgerond = true,
      status = ${isBezwaar ? 'ingetrokken' : 'ontvangen'},
      vernietigingsaanleiding = case when ${isBezwaar} then 'bezwaar' else vernietigingsaanleiding end
    where v.gemeentecode = ${gemeentecode} and v.id = ${id} and exists (
      select from overeenkomst o
      where o.gemeentecode = ${naar} and o.signaalpartner_id = v.signaalpartner_id and v.sector = any (o.sectoren)
        and overeenkomst_geldt(o, v.signaaldatum) and overeenkomst_geldt(o, hub_vandaag()))`.execute(tx)
  return numAffectedRows === 1n
}

/** Locks a signal that is over for its partner until the transaction ends; undefined when it is not there. */
export async function lockAfgerond(
  tx: Tx,
  { gemeentecode, id }: Sleutel
): Promise<Pick<Rij, 'adresIndex'> | undefined> {
  inLockOrder(tx, 'vroegsignaal')
  return tx
    .selectFrom('vroegsignaal')
    .select('adresIndex')
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Withdraws a signal for its partner, which makes it due for destruction at once unless it `isKept` for an open case. */
export async function withdrawLocked(tx: Tx, { gemeentecode, id }: Sleutel, isKept: boolean): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ status: 'ingetrokken', ...(!isKept && { vernietigingsaanleiding: 'intrekking' as const }) })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .where('vernietigingsaanleiding', 'in', ['bewaartermijn', 'geen-hulp'])
    .execute()
}

/** Destroys what was said to its partner about a signal that the partner withdrew. */
export async function forgetTerugkoppelingen(tx: Tx, { gemeentecode, id }: Sleutel): Promise<void> {
  await tx
    .deleteFrom('terugkoppeling')
    .where('gemeentecode', '=', gemeentecode)
    .where('vroegsignaalId', '=', id)
    .execute()
}

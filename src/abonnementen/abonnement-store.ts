import { type Selectable, sql } from 'kysely'
import type { Uitschakelreden } from '../begrippen/abonnement.ts'
import type { Gebeurtenissoort } from '../begrippen/gebeurtenissoort.ts'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import type { Tx } from '../platform/database/open-database.ts'

export type AbonnementRij = Selectable<Tables['abonnement']>
export type AbonnementgeheimRij = Selectable<Tables['abonnementGeheim']>

/** Adds a subscription, and has its events kept from now on. */
export async function addAbonnement(tx: Tx, abonnement: AbonnementRij): Promise<void> {
  await tx.insertInto('abonnement').values(abonnement).execute()
  await saveWensen(tx, abonnement)
}

/** The number of subscriptions of a client. */
export async function countAbonnementen(tx: Tx, clientId: string): Promise<number> {
  const { aantal } = await tx
    .selectFrom('abonnement')
    .select((of) => of.fn.countAll<number>().as('aantal'))
    .where('clientId', '=', clientId)
    .executeTakeFirstOrThrow()
  return aantal
}

/** A subscription that the caller may see. */
export async function findAbonnement(tx: Tx, id: string): Promise<AbonnementRij | undefined> {
  return tx.selectFrom('abonnement').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks a subscription that the caller may see until the transaction ends and returns it. */
export async function lockAbonnement(tx: Tx, id: string): Promise<AbonnementRij | undefined> {
  inLockOrder(tx, 'abonnement')
  return tx.selectFrom('abonnement').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Subscriptions that the caller may see, in order of id, after `after`. */
export async function listAbonnementen(
  tx: Tx,
  after: string | undefined,
  limit: number
): Promise<AbonnementRij[]> {
  return tx
    .selectFrom('abonnement')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Saves where events go and which. */
export async function saveAbonnement(tx: Tx, abonnement: AbonnementRij): Promise<void> {
  const { id, url, soorten } = abonnement
  await tx.updateTable('abonnement').set({ url, soorten }).where('id', '=', id).execute()
  if (abonnement.status === 'actief') await saveWensen(tx, abonnement)
}

/** Has events kept and delivered again from now on. */
export async function switchOn(tx: Tx, abonnement: AbonnementRij): Promise<void> {
  await tx
    .updateTable('abonnement')
    .set({ status: 'actief', reden: null, uitgeschakeldOp: null, misluktSinds: null })
    .where('id', '=', abonnement.id)
    .execute()
  await saveWensen(tx, abonnement)
}

/** Has no more events kept, and gives up what waits. */
export async function switchOffFor(
  tx: Tx,
  id: string,
  reden: Uitschakelreden,
  uitgeschakeldOp: Date
): Promise<void> {
  await tx
    .updateTable('abonnement')
    .set({ status: 'uitgeschakeld', reden, uitgeschakeldOp })
    .where('id', '=', id)
    .execute()
  await tx.deleteFrom('abonnementWens').where('abonnementId', '=', id).execute()
  await tx
    .updateTable('bezorging')
    .set({ status: 'opgegeven' })
    .where('abonnementId', '=', id)
    .where('status', '=', 'wacht')
    .execute()
}

/** Removes a subscription with its secrets and deliveries. */
export async function removeAbonnement(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('abonnement').where('id', '=', id).execute()
}

/** Adds a secret to a subscription. */
export async function addGeheim(tx: Tx, geheim: AbonnementgeheimRij): Promise<void> {
  await tx.insertInto('abonnementGeheim').values(geheim).execute()
}

/** The secrets of a subscription, oldest first. */
export async function listGeheimen(tx: Tx, abonnementId: string): Promise<AbonnementgeheimRij[]> {
  return tx
    .selectFrom('abonnementGeheim')
    .selectAll()
    .where('abonnementId', '=', abonnementId)
    .orderBy('aangemaaktOp')
    .orderBy('id')
    .execute()
}

/** Removes a secret; it signs no more. */
export async function removeGeheim(tx: Tx, { abonnementId, id }: AbonnementgeheimRij): Promise<void> {
  await tx
    .deleteFrom('abonnementGeheim')
    .where('abonnementId', '=', abonnementId)
    .where('id', '=', id)
    .execute()
}

async function saveWensen(
  tx: Tx,
  {
    id,
    gemeentecodes,
    soorten
  }: { id: string; gemeentecodes: readonly string[]; soorten: readonly Gebeurtenissoort[] }
): Promise<void> {
  await sql`delete from abonnement_wens where abonnement_id = ${id} and soort <> all (${[...soorten]}::text[])`.execute(
    tx
  )
  await sql`insert into abonnement_wens (gemeentecode, soort, abonnement_id)
    select g, s, ${id} from unnest(${[...gemeentecodes]}::text[]) as g, unnest(${[...soorten]}::text[]) as s
    on conflict do nothing`.execute(tx)
}

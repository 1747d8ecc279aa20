import { sql } from 'kysely'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** Which municipality merges into which. */
export type Overgang = { readonly van: string; readonly naar: string }

/** The re-divisions whose day has come, oldest first, so that what went on from one successor to the next ends up there. */
export async function listDueHerindelingen(
  tx: Tx
): Promise<(Overgang & { readonly datum: string; readonly isUitgevoerd: boolean })[]> {
  return tx
    .selectFrom('herindeling')
    .select(['van', 'naar', 'datum', sql<boolean>`uitgevoerd_op is not null`.as('isUitgevoerd')])
    .where(sql<boolean>`datum <= hub_vandaag()`)
    .orderBy('datum')
    .orderBy('van')
    .execute()
}

/** Has the clients of the old municipality, and their subscriptions, work for its successor as well. */
export async function admitClients(tx: Tx, { van, naar }: Overgang): Promise<void> {
  inLockOrder(tx, 'organisatie')
  await sql`update client set gemeentecodes = gemeentecodes || ${naar}::text
    where ${van} = any (gemeentecodes) and not ${naar} = any (gemeentecodes) and ingetrokken_op is null`.execute(
    tx
  )
}

/** The same for the subscriptions of those clients. */
export async function admitAbonnementen(tx: Tx, { van, naar }: Overgang): Promise<void> {
  inLockOrder(tx, 'abonnement')
  await sql`update abonnement set gemeentecodes = gemeentecodes || ${naar}::text
    where ${van} = any (gemeentecodes) and not ${naar} = any (gemeentecodes)`.execute(tx)
  await sql`insert into abonnement_wens (gemeentecode, soort, abonnement_id)
    select ${naar}, w.soort, w.abonnement_id from abonnement_wens w where w.gemeentecode = ${van}
    on conflict do nothing`.execute(tx)
}

/** Locks the clients of the old municipality until the transaction ends. */
export async function lockClientsVan(tx: Tx, { van }: Overgang): Promise<void> {
  inLockOrder(tx, 'organisatie')
  await sql`select from client where ${van} = any (gemeentecodes) and ingetrokken_op is null
    order by id for no key update`.execute(tx)
}

/** Has clients, which are locked, work for the successor alone. */
export async function releaseClients(tx: Tx, { van, naar }: Overgang): Promise<void> {
  await sql`update client set gemeentecodes = array_remove(gemeentecodes, ${van})
    where ${van} = any (gemeentecodes) and ${naar} = any (gemeentecodes) and ingetrokken_op is null`.execute(
    tx
  )
}

/** The same for subscriptions. */
export async function releaseAbonnementen(tx: Tx, { van, naar }: Overgang): Promise<void> {
  inLockOrder(tx, 'abonnement')
  await sql`update abonnement set gemeentecodes = array_remove(gemeentecodes, ${van})
    where ${van} = any (gemeentecodes) and ${naar} = any (gemeentecodes)`.execute(tx)
  await sql`delete from abonnement_wens where gemeentecode = ${van}`.execute(tx)
}

/** Whether anything is left under the code of the old municipality that belongs to its successor. */
export async function isAnythingLeft(tx: Tx, { van }: Overgang): Promise<boolean> {
  // The rest goes with a signal.
  const tables = ['vroegsignaal', 'bezwaar', 'beperking', 'terugkoppeling', 'gemeld_signaal', 'gebeurtenis']
  const looks = tables.map(
    (table) => sql`exists (select from ${sql.table(table)} t where t.gemeentecode = ${van})`
  )
  const { rows } = await sql<{ isLeft: boolean }>`select ${sql.join(looks, sql` or `)} as is_left`.execute(tx)
  return rows[0]!.isLeft
}

/** Whether clients, subscriptions or agreements still stand under the code of the old municipality. */
export async function isAnybodyLeft(tx: Tx, { van }: Overgang, datum: string): Promise<boolean> {
  const { rows } = await sql<{ isLeft: boolean }>`
    select exists (select from client c where ${van} = any (c.gemeentecodes) and c.ingetrokken_op is null)
      or exists (select from abonnement a where ${van} = any (a.gemeentecodes))
      or exists (select from abonnement_wens w where w.gemeentecode = ${van})
      or exists (select from overeenkomst o where o.gemeentecode = ${van}
        and o.ingreep is distinct from 'beeindigd' and coalesce(o.einddatum >= ${datum}, true)) as is_left`.execute(
    tx
  )
  return rows[0]!.isLeft
}

/** Records that everything was handed over, and that what came to the old municipality earlier is the successor's now. */
export async function markUitgevoerd(tx: Tx, { van, naar }: Overgang, now: Date): Promise<void> {
  await sql`update herindeling set uitgevoerd_op = coalesce(uitgevoerd_op, ${now}) where van = ${van}`.execute(
    tx
  )
  await sql`update herindeling set opvolger = ${naar}
    where opvolger = ${van} and van <> ${naar} and datum <= hub_vandaag()`.execute(tx)
}

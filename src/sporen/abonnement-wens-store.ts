import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/**
 * Has the subscriptions of a client follow a change of that client, in the same transaction: they are told of its
 * municipalities only, and of nothing once it may no longer manage subscriptions or is revoked (`isAllowed`).
 */
export async function followClient(
  tx: Tx,
  { id, gemeentecodes }: { readonly id: string; readonly gemeentecodes: readonly string[] },
  isAllowed: boolean,
  now: Date
): Promise<void> {
  const held = isAllowed ? [...gemeentecodes] : []
  // The subscriptions first, as whoever delivers does.
  await sql`update abonnement set gemeentecodes = case when ${isAllowed} then ${[...gemeentecodes]}::text[] else gemeentecodes end,
      status = case when ${isAllowed} then status else 'uitgeschakeld' end,
      reden = case when ${isAllowed} then reden else 'client-zonder-toegang' end,
      uitgeschakeld_op = case when ${isAllowed} then uitgeschakeld_op else coalesce(uitgeschakeld_op, ${now}) end
    where client_id = ${id}`.execute(tx)
  const ofClient = sql`select a.id from abonnement a where a.client_id = ${id}`
  await sql`delete from abonnement_wens where abonnement_id in (${ofClient})
    and gemeentecode <> all (${held}::text[])`.execute(tx)
  await sql`delete from bezorging where abonnement_id in (${ofClient})
    and gemeentecode <> all (${held}::text[]) and status = 'wacht'`.execute(tx)
  await sql`insert into abonnement_wens (gemeentecode, soort, abonnement_id)
    select g, s, a.id from abonnement a, unnest(a.soorten) as s, unnest(${held}::text[]) as g
    where a.client_id = ${id} and a.status = 'actief' on conflict do nothing`.execute(tx)
}

import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'

/** The client, if it may be used: it is not revoked, has not ended, and its partner, if any, is not suspended. */
export async function findLiveClient(tx: Tx, clientId: string) {
  const [client] = await listLiveClients(tx, [clientId])
  return client
}

/** Whether the client with this row id may still be used. */
export async function isLiveClient(tx: Tx, id: string): Promise<boolean> {
  return (await liveClients(tx).where('client.id', '=', id).executeTakeFirst()) !== undefined
}

/** The clients among these that may be used. */
export async function listLiveClients(tx: Tx, clientIds: readonly string[]) {
  return liveClients(tx)
    .where('client.clientId', 'in', [...clientIds])
    .execute()
}

/** A client that may be used. */
export type LiveClient = Awaited<ReturnType<typeof listLiveClients>>[number]

function liveClients(tx: Tx) {
  return tx
    .selectFrom('client')
    .leftJoin('signaalpartner', 'signaalpartner.id', 'client.signaalpartnerId')
    .select([
      'client.id',
      'client.clientId',
      'client.rol',
      'client.signaalpartnerId',
      'client.gemeentecodes',
      'client.scopes',
      'client.jwks',
      'client.uitgever',
      'signaalpartner.naam as signaalpartnerNaam'
    ])
    .where('client.ingetrokkenOp', 'is', null)
    .where(sql<boolean>`coalesce(client.einddatum >= hub_vandaag(), true)`)
    .where((where) =>
      where.or([where('signaalpartner.id', 'is', null), where('signaalpartner.status', '=', 'actief')])
    )
}

/** A client that may be used, with the keyed hashes of its secrets. */
export type ClientWithSecrets = LiveClient & { readonly hashes: readonly Buffer[] }

/** The clients among these that may be used, with the keyed hashes of their secrets. */
export async function listClientsWithSecrets(
  tx: Tx,
  clientIds: readonly string[]
): Promise<ClientWithSecrets[]> {
  return liveClients(tx)
    .select(
      sql<Buffer[]>`array(select g.hash from client_geheim g where g.client_id = client.id)`.as('hashes')
    )
    .where('client.clientId', 'in', [...clientIds])
    .execute()
}

/** Records that clients were used, where that is not known from the hour before. */
export async function saveUse(tx: Tx, clientIds: readonly string[], now: Date): Promise<void> {
  await sql`update client set laatst_gebruikt_op = ${now}
    where id = any (${[...clientIds]}::uuid[])
      and coalesce(laatst_gebruikt_op <= ${now}::timestamptz - interval '1 hour', true)`.execute(tx)
}

/** Records that an assertion was used; false when it was used before. */
export async function useAssertion(
  tx: Tx,
  clientId: string,
  assertieHash: Buffer,
  verlooptOp: Date
): Promise<boolean> {
  const used = await tx
    .insertInto('gebruikteAssertie')
    .values({ clientId, assertieHash, verlooptOp })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return used.numInsertedOrUpdatedRows === 1n
}

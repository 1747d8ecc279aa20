import type { Selectable } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'

/** A client without its secrets. */
export type ClientRij = Omit<Selectable<Tables['client']>, 'ingetrokkenOp' | 'toegepasteGeheimen'>

const columns = [
  'id',
  'clientId',
  'naam',
  'rol',
  'signaalpartnerId',
  'gemeentecodes',
  'scopes',
  'jwks',
  'uitgever',
  'aangemaaktOp',
  'laatstGebruiktOp',
  'einddatum'
] as const

/** Adds a client. */
export async function addClient(tx: Tx, { jwks, ...client }: ClientRij): Promise<void> {
  await tx
    .insertInto('client')
    .values({ ...client, jwks: jwks === null ? null : JSON.stringify(jwks) })
    .execute()
}

/** A client that has not been revoked. */
export async function findClient(tx: Tx, id: string): Promise<ClientRij | undefined> {
  return live(tx).where('id', '=', id).executeTakeFirst()
}

/** Adds a client unless one has its client id, revoked or not; locks that one and returns it. */
export async function keepClient(
  tx: Tx,
  { jwks, ...client }: ClientRij
): Promise<Pick<Selectable<Tables['client']>, 'id' | 'toegepasteGeheimen'>> {
  return (
    tx
      .insertInto('client')
      .values({ ...client, jwks: jwks === null ? null : JSON.stringify(jwks) })
      // Changes nothing, and locks and returns the row.
      .onConflict((conflict) => conflict.column('clientId').doUpdateSet({ clientId: client.clientId }))
      .returning(['id', 'toegepasteGeheimen'])
      .executeTakeFirstOrThrow()
  )
}

/** Undoes the revocation of a client, and remembers that the setting gave it the secret with this hash. */
export async function restoreClient(tx: Tx, id: string, applied: Buffer): Promise<void> {
  await tx
    .updateTable('client')
    .set((update) => ({
      ingetrokkenOp: null,
      einddatum: null,
      toegepasteGeheimen: update.fn<Buffer[]>('array_append', ['toegepasteGeheimen', update.val(applied)])
    }))
    .where('id', '=', id)
    .execute()
}

/** Locks a client that has not been revoked until the transaction ends and returns it. */
export async function lockClient(tx: Tx, id: string): Promise<ClientRij | undefined> {
  inLockOrder(tx, 'organisatie')
  return live(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

/** Clients that have not been revoked, in order of id, after `after`. */
export async function listClients(tx: Tx, after: string | undefined, limit: number): Promise<ClientRij[]> {
  return live(tx)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Saves the fields of a client that may change; takes effect with the next request. */
export async function saveClient(
  tx: Tx,
  {
    id,
    naam,
    scopes,
    gemeentecodes,
    jwks,
    einddatum
  }: Pick<ClientRij, 'id' | 'naam' | 'scopes' | 'gemeentecodes' | 'jwks' | 'einddatum'>
): Promise<void> {
  const sleutels = jwks === null ? null : JSON.stringify(jwks)
  await tx
    .updateTable('client')
    .set({ naam, scopes, gemeentecodes, jwks: sleutels, einddatum })
    .where('id', '=', id)
    .execute()
}

/** Revokes a client: its tokens and secrets stop working with the next request. */
export async function revokeClient(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('client').set({ ingetrokkenOp: now }).where('id', '=', id).execute()
  await tx.deleteFrom('clientGeheim').where('clientId', '=', id).execute()
}

/** Adds a secret to a client. */
export async function addSecret(
  tx: Tx,
  secret: { clientId: string; id: string; hash: Buffer; aangemaaktOp: Date }
): Promise<void> {
  await tx.insertInto('clientGeheim').values(secret).execute()
}

/** The secrets of a client, oldest first. */
export async function listSecrets(
  tx: Tx,
  clientId: string
): Promise<{ id: string; aangemaaktOp: Date; hash: Buffer }[]> {
  return tx
    .selectFrom('clientGeheim')
    .select(['id', 'aangemaaktOp', 'hash'])
    .where('clientId', '=', clientId)
    .orderBy('aangemaaktOp')
    .orderBy('id')
    .execute()
}

/** Removes a secret; it stops working with the next token request. */
export async function removeSecret(tx: Tx, clientId: string, id: string): Promise<void> {
  await tx.deleteFrom('clientGeheim').where('clientId', '=', clientId).where('id', '=', id).execute()
}

function live(tx: Tx) {
  return tx.selectFrom('client').select(columns).where('ingetrokkenOp', 'is', null)
}

/** True when the operator has a client that has not been revoked. */
export async function hasBeheerClient(tx: Tx): Promise<boolean> {
  return (await live(tx).where('rol', '=', 'beheer').limit(1).executeTakeFirst()) !== undefined
}

import { randomBytes } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/database/open-database.ts'
import { addSecret, hasBeheerClient, keepClient, listSecrets, removeSecret } from './client-store.ts'
import { hashSecret } from './issue-secret.ts'

/** Makes or updates the operator's client with the configured id, so that it has the configured secret and no other. */
export async function registerBeheerClient(
  database: Database,
  keys: KeyRing,
  given: { clientId: string; clientSecret: string },
  now: Date
): Promise<void> {
  const hash = hashSecret(keys, given.clientSecret)
  await database.as({ duty: 'beheer' }, async (tx) => {
    // Restores the client when it was revoked, because the settings decide. Its row stays locked, so instances take
    // turns.
    const id = await keepClient(tx, {
      id: crypto.randomUUID(),
      clientId: given.clientId,
      naam: 'Beheer',
      rol: 'beheer',
      signaalpartnerId: null,
      gemeentecodes: [],
      scopes: ['beheer'],
      jwks: null,
      uitgever: null
    })
    const secrets = await listSecrets(tx, id)
    for (const secret of secrets) if (!secret.hash.equals(hash)) await removeSecret(tx, id, secret.id)
    if (secrets.some((secret) => secret.hash.equals(hash))) return
    await addSecret(tx, { clientId: id, id: crypto.randomUUID(), hash, aangemaaktOp: now })
  })
}

/** Makes a client for the operator when there is none; the returned secret is the only copy. */
export async function ensureBeheerClient(
  database: Database,
  keys: KeyRing,
  now: Date
): Promise<{ clientId: string; clientSecret: string } | undefined> {
  const isPresent = await database.as({ duty: 'beheer' }, hasBeheerClient)
  if (isPresent) return undefined
  const made = { clientId: 'beheer', clientSecret: randomBytes(32).toString('base64url') }
  await registerBeheerClient(database, keys, made, now)
  return made
}

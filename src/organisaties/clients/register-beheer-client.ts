import { randomBytes } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/database/open-database.ts'
import {
  addSecret,
  hasBeheerClient,
  keepClient,
  listSecrets,
  removeSecret,
  restoreClient
} from './client-store.ts'
import { hashSecret } from './issue-secret.ts'

/** What a start did with the secret that the settings give to the operator. */
export type Toepassing = 'applied' | 'in use' | 'applied before and replaced since'

/**
 * Gives the operator's client with the configured id the configured secret and no other, and makes or restores the client
 * for it. A secret works once: one that was replaced since, by the API or by another setting, does not come back with a
 * restart, nor with an instance that still has it.
 */
export async function registerBeheerClient(
  database: Database,
  keys: KeyRing,
  given: { clientId: string; clientSecret: string },
  now: Date
): Promise<Toepassing> {
  const hash = hashSecret(keys, given.clientSecret)
  return database.as({ duty: 'beheer' }, async (tx) => {
    // The row stays locked, so instances take turns.
    const { id, toegepasteGeheimen } = await keepClient(tx, {
      id: crypto.randomUUID(),
      clientId: given.clientId,
      naam: 'Beheer',
      rol: 'beheer',
      signaalpartnerId: null,
      gemeentecodes: [],
      scopes: ['beheer'],
      jwks: null,
      uitgever: null,
      aangemaaktOp: now,
      laatstGebruiktOp: null,
      einddatum: null
    })
    const secrets = await listSecrets(tx, id)
    if (toegepasteGeheimen.some((applied) => applied.equals(hash)))
      return secrets.some((secret) => secret.hash.equals(hash))
        ? 'in use'
        : 'applied before and replaced since'
    for (const secret of secrets) await removeSecret(tx, id, secret.id)
    await addSecret(tx, { clientId: id, id: crypto.randomUUID(), hash, aangemaaktOp: now })
    await restoreClient(tx, id, hash)
    return 'applied'
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

import { randomBytes } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { addSecret } from './client-store.ts'

/** The keyed hash of a client secret, which is all that is stored; worthless without the key database. */
export function hashSecret(keys: KeyRing, secret: string): Buffer {
  return keys.hash('hash-geheim', secret)
}

/** Gives a client a fresh secret of 256 bits; the returned text is the only copy. */
export async function issueSecret(
  { tx, keys, now }: Handeling,
  clientId: string
): Promise<{ id: string; secret: string }> {
  const id = crypto.randomUUID()
  const secret = randomBytes(32).toString('base64url')
  await addSecret(tx, { clientId, id, hash: hashSecret(keys, secret), aangemaaktOp: now })
  return { id, secret }
}

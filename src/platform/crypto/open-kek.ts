import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { keepSecret } from './keep-secret.ts'

/** The key-encryption key (32 bytes in base64); without one, the key that is kept in a folder, made on first use. */
export async function openKek({
  kek,
  dataDir
}: {
  kek?: string | undefined
  dataDir: string
}): Promise<KeyObject> {
  if (kek !== undefined) return createSecretKey(Buffer.from(kek, 'base64'))
  await mkdir(dataDir, { recursive: true, mode: 0o711 })
  const kept = await keepSecret(join(dataDir, 'kek'), () => randomBytes(32).toString('base64'))
  return createSecretKey(Buffer.from(kept, 'base64'))
}

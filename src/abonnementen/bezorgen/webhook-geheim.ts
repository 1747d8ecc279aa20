import { createHmac } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'

/** The secret with this id, of 256 bits, in the form of Standard Webhooks. It is made anew each time and stored nowhere. */
export function webhookSecret(keys: KeyRing, geheimId: string): string {
  return `whsec_${secretOf(keys, geheimId).toString('base64')}`
}

/** The signatures of a message under each of these secrets (Standard Webhooks, `v1`), for the header `webhook-signature`. */
export function signaturesOf(
  keys: KeyRing,
  geheimIds: readonly string[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: string; readonly body: string }
): string {
  return geheimIds
    .map((geheimId) => createHmac('sha256', secretOf(keys, geheimId)).update(`${id}.${timestamp}.${body}`))
    .map((hmac) => `v1,${hmac.digest('base64')}`)
    .join(' ')
}

function secretOf(keys: KeyRing, geheimId: string): Buffer {
  return keys.hash('geheim-abonnement', geheimId)
}

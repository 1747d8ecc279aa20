import type { KeyObject } from 'node:crypto'
import jwt from '@fastify/jwt'
import type { FastifyRequest } from 'fastify'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { App } from '../platform/http/typebox.ts'
import { clockLeeway, maxTokenAge, requiredClaims, unauthenticated } from './token-rules.ts'

/**
 * Sets up signing and verifying of the hub's own tokens with @fastify/jwt: `reply.jwtSign` and `request.jwtVerify`.
 * Tokens of others are verified with jose, which fetches their keys.
 */
export function addOwnTokens(
  app: App,
  { keys, publicUrl }: { keys: () => KeyRing; publicUrl: string }
): void {
  app.register(jwt, {
    secret: {
      private: async () => pem(keys().signer('ondertekening-token').privateKey),
      public: async (_request: FastifyRequest, token: unknown) => ownKey(keys(), token as Decoded)
    } as never,
    decode: { complete: true },
    sign: { algorithm: 'ES256' },
    verify: {
      algorithms: ['ES256'],
      allowedIss: publicUrl,
      allowedAud: publicUrl,
      requiredClaims,
      clockTolerance: clockLeeway * 1000,
      maxAge: maxTokenAge,
      cache: false
    } as never
  })
}

type Decoded = { header: { kid?: string } }

function ownKey(keys: KeyRing, { header }: Decoded): string {
  const known = keys.verifier('ondertekening-token', header.kid)
  if (known === undefined) throw unauthenticated('De uitgever of de sleutel van het token is onbekend.')
  return pem(known.publicKey)
}

// Exporting a key costs more than the rest of a look-up, and there are only a few keys.
const pems = new WeakMap<KeyObject, string>()

function pem(key: KeyObject): string {
  const known = pems.get(key)
  if (known !== undefined) return known
  const fresh = key.export({
    type: key.type === 'private' ? 'pkcs8' : 'spki',
    format: 'pem'
  } as never) as string
  pems.set(key, fresh)
  return fresh
}

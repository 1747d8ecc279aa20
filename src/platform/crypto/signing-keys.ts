import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Clock } from '../../time.ts'

// The purposes of signatures. Milliseconds that a key that no longer signs is still accepted: no token lives that long, and
// a proof may be shown at any time.
const acceptedAfter = {
  'ondertekening-token': 3_600_000,
  'ondertekening-bewijs': Number.POSITIVE_INFINITY
} as const

/** Milliseconds before a new key signs: by then every instance, and whoever keeps the JWKS, knows it. */
export const announcement = 600_000

/** The purposes of signatures. Each has keys of its own, so that a token cannot pass for a proof. */
export const signatureKeys = ['ondertekening-token', 'ondertekening-bewijs'] as const
export type SignatureKey = (typeof signatureKeys)[number]

/** A P-256 key pair for ES256; `kid` is its thumbprint. */
export type Signer = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject }

/** A key of a purpose as it is kept: PKCS #8, and when it was made. */
export type KeptSigningKey = {
  readonly doel: SignatureKey
  readonly der: Buffer
  readonly aangemaaktOp: Date
}

/** The keys that sign, and those whose signatures still count. */
export type SigningKeys = {
  /** The key that signs now. */
  signer(purpose: SignatureKey): Signer
  /** The key with this id, when signatures with it still count. */
  verifier(purpose: SignatureKey, kid: string | undefined): Signer | undefined
  /** The public keys whose signatures count, now or soon, for the JWKS. */
  publicJwks(): { keys: JWK[] }
  /** Takes up the keys that were made since. */
  refresh(): Promise<void>
}

type Aged = Signer & { readonly from: number }

/** Opens the signing keys that `list` gives, of each purpose at least one. */
export async function openSigningKeys(
  list: () => Promise<readonly KeptSigningKey[]>,
  clock: Clock
): Promise<SigningKeys> {
  let keys = await openAll(await list())
  const accepted = (purpose: SignatureKey) => acceptedAt(keys.get(purpose)!, purpose, clock().getTime())
  return {
    signer: (purpose) => {
      const now = clock().getTime()
      return keys.get(purpose)!.findLast(({ from }, place) => place === 0 || from <= now)!
    },
    verifier: (purpose, kid) => accepted(purpose).find((key) => key.kid === kid),
    publicJwks: () => ({ keys: signatureKeys.flatMap((purpose) => accepted(purpose).map(publicJwk)) }),
    refresh: async () => {
      keys = await openAll(await list())
    }
  }
}

/** A fresh signing key, as it is kept. */
export function freshSigningKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'der' })
}

async function openAll(kept: readonly KeptSigningKey[]): Promise<ReadonlyMap<SignatureKey, readonly Aged[]>> {
  const opened = new Map<SignatureKey, Aged[]>(signatureKeys.map((purpose) => [purpose, []]))
  for (const { doel, der, aangemaaktOp } of kept) {
    opened.get(doel)!.push({ ...(await signerFrom(der)), from: aangemaaktOp.getTime() + announcement })
  }
  for (const keys of opened.values()) keys.sort((one, other) => one.from - other.from)
  return opened
}

// A key counts until its successor has signed for as long as its last signature may be shown.
function acceptedAt(keys: readonly Aged[], purpose: SignatureKey, now: number): readonly Aged[] {
  return keys.filter((_, place) => {
    const successor = keys[place + 1]
    return successor === undefined || now < successor.from + acceptedAfter[purpose]
  })
}

async function signerFrom(der: Buffer): Promise<Signer> {
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }) as JWK)
  return { kid, privateKey, publicKey }
}

function publicJwk({ kid, publicKey }: Signer): JWK {
  return { ...(publicKey.export({ format: 'jwk' }) as JWK), kid, use: 'sig', alg: 'ES256' }
}

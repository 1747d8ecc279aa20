import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes
} from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Clock } from '../../time.ts'
import type { ConnectionPool } from '../database/open-database.ts'
import { KeysLost, type OpenDataKeys, openDataKeys } from './data-keys.ts'
import { findStandingKey, keepStandingKey, listStandingKeys } from './key-store.ts'
import type { KnownKeys } from './known-keys-store.ts'
import { seal, unseal } from './seal.ts'
import {
  addVervroegd,
  hasVervroegd,
  listVervroegd,
  numberVervroegdFrom,
  type Vervroegd
} from './vervroegd-store.ts'

// The purposes of keyed hashes. Each has its own key, so hashes for different purposes cannot be compared.
const hashKeys = [
  'index-referentie',
  'index-adres',
  'index-persoon',
  'index-bsn',
  'index-klant',
  'hash-inhoud',
  'hash-geheim',
  'hash-verzoek',
  'pseudoniem',
  'cursor'
] as const
export type HashKey = (typeof hashKeys)[number]

// Half of a hash tells every signal of the country apart, and halves what rows and indexes hold of it.
const halved: readonly HashKey[] = [
  'index-referentie',
  'index-adres',
  'index-persoon',
  'index-bsn',
  'index-klant',
  'hash-inhoud',
  'pseudoniem'
]

// The purposes of signatures.
const signatureKeys = ['ondertekening-token', 'ondertekening-bewijs'] as const
export type SignatureKey = (typeof signatureKeys)[number]

/** A P-256 key pair for ES256; `kid` is its thumbprint. */
export type Signer = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject }

/** The keys of the hub: standing keys for hashes and signatures, and one data key per day of destruction. */
export type KeyRing = OpenDataKeys & {
  /**
   * HMAC-SHA-256 of `text` under the key for `purpose`: 32 bytes that reveal nothing without the key, or the first 16
   * where rows are found by it.
   */
  hash(purpose: HashKey, text: string): Buffer
  signer(purpose: SignatureKey): Signer
  /** The public keys, for the JWKS. */
  publicJwks(): { keys: JWK[] }
  /** Resolves when the key database has every key that rows may need; throws KeysLost or DaysLost. */
  requireAll(): Promise<void>
  /** The signals that were destroyed before the day of their data key, for when a dump brings them back. */
  readonly vervroegd: {
    /** Remembers these; returns the number of the last. */
    add(vervroegd: readonly Vervroegd[]): Promise<number>
    /** At most `limit` after a number, in order. */
    list(after: number, limit: number): Promise<(Vervroegd & { readonly volgnummer: number })[]>
    /** True when there is one after a number, from before an instant. */
    has(after: number, before: Date): Promise<boolean>
    /** Numbers the next higher than this one. */
    numberFrom(volgnummer: number): Promise<void>
  }
}

/**
 * Opens the key database with the KEK and makes the standing keys on first use. Throws when the KEK is another one, and
 * KeysLost when the rows were written with other standing keys.
 */
export async function openKeyRing(
  pool: ConnectionPool,
  kek: KeyObject,
  clock: Clock,
  known: KnownKeys
): Promise<KeyRing> {
  const fingerprints = await known.listStanding()
  const standing = async (doel: string, fresh: () => Buffer) => {
    const fingerprint = fingerprints.get(doel)
    if (fingerprint !== undefined) return openKnownKey(pool, kek, doel, fingerprint)
    const key = await openStandingKey(pool, kek, doel, fresh, clock())
    await known.addStanding(doel, fingerprintOf(doel, key))
    return key
  }
  const hashing = new Map<HashKey, KeyObject>()
  for (const doel of hashKeys) {
    hashing.set(doel, createSecretKey(await standing(doel, () => randomBytes(32))))
  }
  const signers = new Map<SignatureKey, Signer>()
  for (const doel of signatureKeys) signers.set(doel, await signerFrom(await standing(doel, freshSigningKey)))
  const jwks = { keys: [...signers.values()].map(publicJwk) }
  const dataKeys = openDataKeys(pool, kek, clock, known)
  return {
    hash: (purpose, text) => {
      const hash = createHmac('sha256', hashing.get(purpose)!).update(text).digest()
      return halved.includes(purpose) ? hash.subarray(0, hash.length / 2) : hash
    },
    signer: (purpose) => signers.get(purpose)!,
    publicJwks: () => jwks,
    ...dataKeys,
    requireAll: async () => {
      await requireStandingKeys(pool, [...hashKeys, ...signatureKeys])
      await dataKeys.requireDays()
    },
    vervroegd: {
      add: (vervroegd) => addVervroegd(pool, vervroegd, clock()),
      list: (after, limit) => listVervroegd(pool, after, limit),
      has: (after, before) => hasVervroegd(pool, after, before),
      numberFrom: (volgnummer) => numberVervroegdFrom(pool, volgnummer)
    }
  }
}

async function requireStandingKeys(pool: ConnectionPool, doelen: readonly string[]): Promise<void> {
  const held = await listStandingKeys(pool)
  const lost = doelen.filter((doel) => !held.has(doel))
  if (lost.length > 0) throw new KeysLost(`the key database lacks ${lost.join(', ')}; restore it`)
}

function fingerprintOf(doel: string, key: Buffer): Buffer {
  return createHash('sha256').update(`${doel}|`).update(key).digest()
}

async function openKnownKey(
  pool: ConnectionPool,
  kek: KeyObject,
  doel: string,
  fingerprint: Buffer
): Promise<Buffer> {
  const wrapped = await findStandingKey(pool, doel)
  const key = wrapped && unwrapStandingKey(kek, wrapped, doel)
  if (key !== undefined && fingerprintOf(doel, key).equals(fingerprint)) return key
  throw new KeysLost(
    `SLEUTEL_DATABASE_URL: this is not the key database that the rows were written with (${doel} is ` +
      `${key === undefined ? 'not there' : 'another key'}). Restore it, or point to the right one`
  )
}

async function openStandingKey(
  pool: ConnectionPool,
  kek: KeyObject,
  doel: string,
  fresh: () => Buffer,
  now: Date
): Promise<Buffer> {
  return unwrapStandingKey(kek, await keepStandingKey(pool, doel, seal(kek, fresh(), doel), now), doel)
}

function unwrapStandingKey(kek: KeyObject, wrapped: Buffer, doel: string): Buffer {
  try {
    return unseal(kek, wrapped, doel)
  } catch (cause) {
    throw new Error('the KEK does not open the key database: is it the one these keys were made with?', {
      cause
    })
  }
}

function freshSigningKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'der' })
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

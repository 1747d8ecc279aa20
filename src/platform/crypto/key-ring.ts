import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes
} from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { type Clock, type IsoDate, todayIn } from '../../time.ts'
import type { ConnectionPool } from '../database/open-database.ts'
import {
  destroyDataKeys,
  findDataKeys,
  keepDataKey,
  keepStandingKey,
  listDestroyedDataKeys,
  type WrappedDataKey
} from './key-store.ts'
import { seal, unseal } from './seal.ts'

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

/** The key of one day of destruction. */
export type DataKey = { readonly dag: IsoDate; readonly id: string; readonly key: KeyObject }

/** Data keys by day; a day without one is absent, for instance because its key was destroyed. */
export type DataKeys = ReadonlyMap<IsoDate, DataKey>

/** The keys of the hub: standing keys for hashes and signatures, and one data key per day of destruction. */
export type KeyRing = {
  /**
   * HMAC-SHA-256 of `text` under the key for `purpose`: 32 bytes that reveal nothing without the key, or the first 16
   * where rows are found by it.
   */
  hash(purpose: HashKey, text: string): Buffer
  signer(purpose: SignatureKey): Signer
  /** The public keys, for the JWKS. */
  publicJwks(): { keys: JWK[] }
  /** The data keys of these days of destruction; makes those that do not exist, so ask only for days to come. */
  dataKeysFor(days: readonly IsoDate[]): Promise<DataKeys>
  /** The data keys of these days, as far as they exist. */
  findDataKeys(days: readonly IsoDate[]): Promise<DataKeys>
  /** Destroys the data keys of every day up to and including `day`: nothing sealed with them can be opened any more. */
  destroyDataKeys(day: IsoDate): Promise<void>
  /** The keys of days from `from` to `to` that were destroyed, and when. */
  listDestroyedDataKeys(
    from: IsoDate,
    to: IsoDate
  ): Promise<{ id: string; dag: IsoDate; vernietigdOp: Date }[]>
}

/** Opens the key database with the KEK and makes the standing keys on first use. Throws when the KEK is another one. */
export async function openKeyRing(pool: ConnectionPool, kek: KeyObject, clock: Clock): Promise<KeyRing> {
  const standing = (doel: string, fresh: () => Buffer) => openStandingKey(pool, kek, doel, fresh, clock())
  const hashing = new Map<HashKey, KeyObject>()
  for (const doel of hashKeys) {
    hashing.set(doel, createSecretKey(await standing(doel, () => randomBytes(32))))
  }
  const signers = new Map<SignatureKey, Signer>()
  for (const doel of signatureKeys) signers.set(doel, await signerFrom(await standing(doel, freshSigningKey)))
  const jwks = { keys: [...signers.values()].map(publicJwk) }
  const days = dayKeys(pool, kek, clock)
  return {
    hash: (purpose, text) => {
      const hash = createHmac('sha256', hashing.get(purpose)!).update(text).digest()
      return halved.includes(purpose) ? hash.subarray(0, hash.length / 2) : hash
    },
    signer: (purpose) => signers.get(purpose)!,
    publicJwks: () => jwks,
    ...days,
    listDestroyedDataKeys: (from, to) => listDestroyedDataKeys(pool, from, to)
  }
}

type DayKeys = Pick<KeyRing, 'dataKeysFor' | 'findDataKeys' | 'destroyDataKeys'>

function dayKeys(pool: ConnectionPool, kek: KeyObject, clock: Clock): DayKeys {
  const cache = new Map<IsoDate, DataKey>()
  const keep = (key: WrappedDataKey) => cache.set(key.dag, unwrapDataKey(kek, key))
  // Another instance may have destroyed a key that is still in this cache.
  const forgetThePast = () => {
    const vandaag = todayIn(clock())
    for (const dag of cache.keys()) if (dag <= vandaag) cache.delete(dag)
  }
  const load = async (days: readonly IsoDate[]) => {
    forgetThePast()
    const absent = [...new Set(days)].filter((day) => !cache.has(day))
    if (absent.length > 0) for (const key of await findDataKeys(pool, absent)) keep(key)
    return absent.filter((day) => !cache.has(day))
  }
  return {
    findDataKeys: async (days) => {
      await load(days)
      return cache
    },
    dataKeysFor: async (days) => {
      for (const day of await load(days)) keep(await keepDataKey(pool, freshDataKey(kek, day)))
      return cache
    },
    destroyDataKeys: async (day) => {
      await destroyDataKeys(pool, day, clock())
      for (const dag of cache.keys()) if (dag <= day) cache.delete(dag)
    }
  }
}

async function openStandingKey(
  pool: ConnectionPool,
  kek: KeyObject,
  doel: string,
  fresh: () => Buffer,
  now: Date
): Promise<Buffer> {
  const wrapped = await keepStandingKey(pool, doel, seal(kek, fresh(), doel), now)
  try {
    return unseal(kek, wrapped, doel)
  } catch (cause) {
    throw new Error('the KEK does not open the key database: is it the one these keys were made with?', {
      cause
    })
  }
}

function freshDataKey(kek: KeyObject, dag: IsoDate): WrappedDataKey {
  const id = crypto.randomUUID()
  return { dag, id, gewikkeld: seal(kek, randomBytes(32), `${dag}|${id}`) }
}

function unwrapDataKey(kek: KeyObject, { dag, id, gewikkeld }: WrappedDataKey): DataKey {
  return { dag, id, key: createSecretKey(unseal(kek, gewikkeld, `${dag}|${id}`)) }
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

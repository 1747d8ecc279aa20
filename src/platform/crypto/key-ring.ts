import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Clock } from '../../time.ts'
import type { KeyPool } from '../database/open-key-pool.ts'
import { KeysLost, type OpenDataKeys, openDataKeys } from './data-keys.ts'
import { findStandingKey, keepStandingKey, listStandingKeys } from './key-store.ts'
import type { KnownKeys } from './known-keys-store.ts'
import { seal, unseal } from './seal.ts'
import {
  freshSigningKey,
  type KeptSigningKey,
  openSigningKeys,
  type SignatureKey,
  type SigningKeys,
  signatureKeys
} from './signing-keys.ts'
import { setByHand, type Timekeeping } from './timekeeping.ts'
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
  'geheim-abonnement',
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

/** The keys of the hub: standing keys for hashes and signatures, and one data key per day of destruction. */
export type KeyRing = OpenDataKeys &
  SigningKeys &
  Timekeeping & {
    /**
     * HMAC-SHA-256 of `text` under the key for `purpose`: 32 bytes that reveal nothing without the key, or the first 16
     * where rows are found by it.
     */
    hash(purpose: HashKey, text: string): Buffer
    /** Makes a new signing key, which takes over after its `announcement`. */
    renewSigningKey(purpose: SignatureKey): Promise<void>
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
 * Opens the key database with the KEK and makes the standing keys on first use. Whoever goes by the machine's clock gives a
 * `time` that checks it. Throws when the KEK is another one, and KeysLost when the rows were written with other standing
 * keys.
 */
export async function openKeyRing(
  pool: KeyPool,
  kek: KeyObject,
  clock: Clock,
  known: KnownKeys,
  time: Timekeeping = setByHand
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
  for (const doel of signatureKeys) await standing(doel, freshSigningKey)
  const signing = await openSigningKeys(() => listSigningKeys(pool, kek, known), clock)
  const dataKeys = openDataKeys(pool, kek, clock, known)
  return {
    hash: (purpose, text) => {
      const hash = createHmac('sha256', hashing.get(purpose)!).update(text).digest()
      return halved.includes(purpose) ? hash.subarray(0, hash.length / 2) : hash
    },
    renewSigningKey: async (purpose) => {
      const names = [...(await known.listStanding()).keys()]
      const number = names.filter((name) => purposeOf(name) === purpose).length + 1
      await standing(`${purpose}${successorMark}${number}`, freshSigningKey)
    },
    ...signing,
    ...dataKeys,
    ...time,
    destroyDataKeys: async (day) => {
      await time.requireTime()
      await dataKeys.destroyDataKeys(day)
    },
    requireAll: async () => {
      await requireStandingKeys(pool, [...(await known.listStanding()).keys()])
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

async function requireStandingKeys(pool: KeyPool, doelen: readonly string[]): Promise<void> {
  const held = await listStandingKeys(pool)
  const lost = doelen.filter((doel) => !held.has(doel))
  if (lost.length > 0) throw new KeysLost(`the key database lacks ${lost.join(', ')}; restore it`)
}

// The first key of a purpose bears its name, each later one a number besides.
const successorMark = '/'

function purposeOf(name: string): string {
  return name.split(successorMark)[0]!
}

async function listSigningKeys(pool: KeyPool, kek: KeyObject, known: KnownKeys): Promise<KeptSigningKey[]> {
  const doelen = [...(await known.listStanding())]
  const held = await listStandingKeys(pool)
  return doelen.flatMap(([name, fingerprint]) => {
    const doel = purposeOf(name) as SignatureKey
    const kept = held.get(name)
    if (!signatureKeys.includes(doel) || kept === undefined) return []
    const der = unwrapStandingKey(kek, kept.gewikkeld, name)
    return fingerprintOf(name, der).equals(fingerprint)
      ? [{ doel, der, aangemaaktOp: kept.aangemaaktOp }]
      : []
  })
}

function fingerprintOf(doel: string, key: Buffer): Buffer {
  return createHash('sha256').update(`${doel}|`).update(key).digest()
}

async function openKnownKey(
  pool: KeyPool,
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
  pool: KeyPool,
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

import type { FastifyReply, FastifyRequest } from 'fastify'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { findRemembered, type Remembered, remember } from '../platform/database/idempotency-store.ts'
import { claimKeys } from '../platform/database/locks.ts'
import { conflict, Problem } from '../platform/http/problem.ts'
import { callerOf } from './caller.ts'
import type { Handeling } from './handeling.ts'

/** The result of a request: enough to show the resource again, nothing of its content. */
export type Effect = {
  readonly status: number
  readonly id: string
  readonly gemeentecode?: string | undefined
}

/** A request with an Idempotency-Key: the key and the body as keyed hashes. */
export type Identified = { readonly sleutelHash: Buffer; readonly vingerafdruk: Buffer }

const msPerDay = 86_400_000
const destroyed =
  'Wat dit verzoek vastlegde, is vernietigd; een herhaling legt het niet opnieuw vast. Een nieuw verzoek krijgt een andere Idempotency-Key.'

/**
 * Carries out `effect` once per client, path and Idempotency-Key, and remembers it in the same transaction; a repeat
 * gets the earlier result. Without a key, or with a method that takes none, it just carries out the effect.
 * Throws idempotentie-conflict when the key came with another body before, verzoek-loopt-nog while the first request
 * runs.
 */
export async function once(
  { tx, keys, caller, now }: Pick<Handeling, 'tx' | 'keys' | 'caller' | 'now'>,
  request: FastifyRequest,
  reply: FastifyReply,
  effect: () => Promise<Effect>,
  fingerprint = async () => bodyText(request)
): Promise<Effect> {
  const sleutelHash = keyHash(keys, request)
  if (sleutelHash === undefined) return effect()

  const identified = async () => ({ sleutelHash, vingerafdruk: hashBody(keys, await fingerprint()) })
  const [isClaimed] = await claimKeys(tx, [sleutelHash])
  if (!isClaimed) throw stillRunning()
  const earlier = (await findRemembered(tx, [{ clientId: caller.id, sleutelHash }], now)).get(
    sleutelHash.toString('hex')
  )
  if (earlier !== undefined) {
    const replayed = replay(await identified(), earlier)
    reply.header('idempotency-replayed', 'true')
    return replayed
  }
  const result = await effect()
  await rememberAll({ tx, now }, [{ clientId: caller.id, identified: await identified(), effect: result }])
  return result
}

/** Hashes the Idempotency-Key of a request and its body, as parsed or as the text given; undefined without a key. */
export function identify(
  keys: KeyRing,
  request: FastifyRequest,
  body = bodyText(request)
): Identified | undefined {
  const sleutelHash = keyHash(keys, request)
  if (sleutelHash === undefined) return undefined
  return { sleutelHash, vingerafdruk: hashBody(keys, body) }
}

/** What was carried out before under the Idempotency-Key of a request; undefined without a key, or when nothing was. */
export async function findEarlier(
  { tx, keys, caller, now }: Pick<Handeling, 'tx' | 'keys' | 'caller' | 'now'>,
  request: FastifyRequest
): Promise<Remembered | undefined> {
  const sleutelHash = keyHash(keys, request)
  if (sleutelHash === undefined) return undefined
  return (await findRemembered(tx, [{ clientId: caller.id, sleutelHash }], now)).get(
    sleutelHash.toString('hex')
  )
}

/**
 * Returns the earlier effect for a repeat. Throws idempotentie-conflict when the body is another, and
 * toestand-staat-dit-niet-toe when what was made is destroyed.
 */
export function replay({ vingerafdruk }: Identified, earlier: Remembered): Effect {
  if (earlier.vingerafdruk.length === 0) throw conflict(destroyed)
  if (!earlier.vingerafdruk.equals(vingerafdruk)) throw new Problem('idempotentie-conflict')
  return { status: earlier.status, id: earlier.resultaatId, gemeentecode: earlier.gemeentecode ?? undefined }
}

/** Remembers effects by their keys, in the transaction that carried them out. */
export async function rememberAll(
  { tx, now }: Pick<Handeling, 'tx' | 'now'>,
  done: readonly { clientId: string; identified: Identified; effect: Effect }[]
): Promise<void> {
  const verlooptOp = new Date(now.getTime() + bewaartermijnen.idempotentie.dagen * msPerDay)
  await remember(
    tx,
    done.map(({ clientId, identified, effect: { status, id, gemeentecode = null } }) => ({
      ...identified,
      clientId,
      status,
      resultaatId: id,
      gemeentecode,
      verlooptOp
    }))
  )
}

/** The problem for a request with a key that another request is using right now. */
export function stillRunning(): Problem {
  return new Problem('verzoek-loopt-nog', { retryAfter: 1 })
}

function bodyText(request: FastifyRequest): string {
  return JSON.stringify(request.body ?? null)
}

function keyHash(keys: KeyRing, request: FastifyRequest): Buffer | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !['POST', 'PATCH'].includes(request.method)) return undefined
  const path = request.url.split('?')[0]
  return keys.hash('hash-verzoek', `sleutel|${callerOf(request).id}|${request.method} ${path}|${key}`)
}

function hashBody(keys: KeyRing, body: string): Buffer {
  return keys.hash('hash-verzoek', `body|${body}`)
}

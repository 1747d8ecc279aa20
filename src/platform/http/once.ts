import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../toegang/caller.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { claimKeys, findRemembered, type Remembered, remember } from '../database/idempotency-store.ts'
import type { Tx } from '../database/open-database.ts'
import { Problem } from './problem.ts'

/** What a request led to: enough to show the resource again, nothing of its content. */
export type Effect = { status: number; id: string; gemeentecode?: string | undefined }

/** A request that came with an Idempotency-Key: the key and the body as keyed hashes. */
export type Identified = { readonly sleutelHash: Buffer; readonly vingerafdruk: Buffer }

export type OnceScope = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly keys: KeyRing
  readonly now: Date
  /** What a repeat must be equal in; left out, the parsed body. A streamed body is only known once it was read. */
  readonly fingerprint?: () => Promise<string>
}

// Partners work monthly, so a retry may come a month later (contract §1).
const remembered = 35 * 24 * 3600 * 1000

/**
 * Carries out `effect` once per client, path and Idempotency-Key, remembered in the same transaction; a repeat gets
 * the earlier result. Without a key the effect is simply carried out.
 * Throws idempotentie-conflict when the key came with another body, verzoek-loopt-nog while the first still runs.
 */
export async function once(tx: Tx, scope: OnceScope, effect: () => Promise<Effect>): Promise<Effect> {
  const { request, reply, keys, now } = scope
  const sleutelHash = keyHash(keys, request)
  if (sleutelHash === undefined) return effect()

  const clientId = callerOf(request).id
  const fingerprint = scope.fingerprint ?? (async () => JSON.stringify(request.body ?? null))
  const identify = async () => ({ sleutelHash, vingerafdruk: hashBody(keys, await fingerprint()) })
  const [isClaimed] = await claimKeys(tx, [sleutelHash])
  if (!isClaimed) throw stillRunning()
  const earlier = (await findRemembered(tx, clientId, [sleutelHash], now)).get(sleutelHash.toString('hex'))
  if (earlier !== undefined) {
    const replayed = replay(await identify(), earlier)
    reply.header('idempotency-replayed', 'true')
    return replayed
  }
  const result = await effect()
  await rememberAll(tx, clientId, now, [{ identified: await identify(), effect: result }])
  return result
}

/** The Idempotency-Key and body of a request that is already parsed; undefined when it has no key. */
export function identify(keys: KeyRing, request: FastifyRequest): Identified | undefined {
  const sleutelHash = keyHash(keys, request)
  if (sleutelHash === undefined) return undefined
  return { sleutelHash, vingerafdruk: hashBody(keys, JSON.stringify(request.body ?? null)) }
}

/** The earlier effect, when the repeat is one; throws idempotentie-conflict when the body is another. */
export function replay({ vingerafdruk }: Identified, earlier: Remembered): Effect {
  if (!earlier.vingerafdruk.equals(vingerafdruk)) throw new Problem('idempotentie-conflict')
  return { status: earlier.status, id: earlier.resultaatId, gemeentecode: earlier.gemeentecode ?? undefined }
}

/** Remembers effects with their keys, in the transaction that made them. */
export async function rememberAll(
  tx: Tx,
  clientId: string,
  now: Date,
  done: readonly { identified: Identified; effect: Effect }[]
): Promise<void> {
  const verlooptOp = new Date(now.getTime() + remembered)
  await remember(
    tx,
    done.map(({ identified, effect: { status, id, gemeentecode = null } }) => ({
      ...identified,
      clientId,
      status,
      resultaatId: id,
      gemeentecode,
      verlooptOp
    }))
  )
}

/** The answer to a request whose twin is not done yet. */
export function stillRunning(): Problem {
  return new Problem('verzoek-loopt-nog', { headers: { 'retry-after': '1' } })
}

function keyHash(keys: KeyRing, request: FastifyRequest): Buffer | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  const path = request.url.split('?')[0]
  return keys.hash('hash-verzoek', `sleutel|${callerOf(request).id}|${request.method} ${path}|${key}`)
}

function hashBody(keys: KeyRing, body: string): Buffer {
  return keys.hash('hash-verzoek', `body|${body}`)
}

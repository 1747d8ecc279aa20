import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../access/caller.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { claimKey, findRemembered, remember } from '../database/idempotency-store.ts'
import type { Tx } from '../database/open-database.ts'
import { Problem } from './problem.ts'

/** What a request led to: enough to show the resource again, nothing of its content. */
export type Effect = { status: number; id: string; gemeentecode?: string | undefined }

/** A request that led to nothing worth remembering: a repeat may try again. */
export type Refused<Reason> = { refused: Reason }

// Partners work monthly, so a retry may come a month later (contract §1).
const remembered = 35 * 24 * 3600 * 1000

/**
 * Carries out `effect` once per client, path and Idempotency-Key, remembered in the same transaction; a repeat gets
 * the earlier result. Without a key the effect is simply carried out.
 * Throws idempotentie-conflict when the key came with another body, verzoek-loopt-nog while the first still runs.
 */
export async function once<Result extends Effect | Refused<unknown>>(
  tx: Tx,
  scope: { request: FastifyRequest; reply: FastifyReply; keys: KeyRing; now: Date },
  effect: () => Promise<Result>
): Promise<Result | Effect> {
  const { request, reply, keys, now } = scope
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return effect()

  const clientId = callerOf(request).id
  const path = request.url.split('?')[0]
  const sleutelHash = keys.hash('hash-verzoek', `sleutel|${clientId}|${request.method} ${path}|${key}`)
  const vingerafdruk = keys.hash('hash-verzoek', `body|${JSON.stringify(request.body ?? null)}`)
  if (!(await claimKey(tx, sleutelHash))) {
    throw new Problem('verzoek-loopt-nog', { headers: { 'retry-after': '1' } })
  }
  const earlier = await findRemembered(tx, clientId, sleutelHash, now)
  if (earlier !== undefined) {
    if (!earlier.vingerafdruk.equals(vingerafdruk)) throw new Problem('idempotentie-conflict')
    reply.header('idempotency-replayed', 'true')
    return {
      status: earlier.status,
      id: earlier.resultaatId,
      gemeentecode: earlier.gemeentecode ?? undefined
    }
  }
  const result = await effect()
  if ('refused' in result) return result
  await remember(tx, {
    clientId,
    sleutelHash,
    vingerafdruk,
    status: result.status,
    resultaatId: result.id,
    gemeentecode: result.gemeentecode ?? null,
    verlooptOp: new Date(now.getTime() + remembered)
  })
  return result
}

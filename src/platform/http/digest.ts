import { createHash } from 'node:crypto'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'

// A megabyte takes a few milliseconds.
const bytesPerTurn = 1_000_000

/**
 * A hook of a route that puts the SHA-256 of the body, exactly as it is sent, in the header `Digest` (RFC 3230) of every
 * answer that succeeded.
 */
export async function addDigest(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown
): Promise<unknown> {
  if (reply.statusCode >= 300 || !Buffer.isBuffer(payload)) return payload
  const hash = createHash('sha256')
  for (let from = 0; from < payload.length; from += bytesPerTurn) {
    if (from > 0) await yieldToOthers()
    hash.update(payload.subarray(from, from + bytesPerTurn))
  }
  reply.header('digest', `SHA-256=${hash.digest('base64')}`)
  return payload
}

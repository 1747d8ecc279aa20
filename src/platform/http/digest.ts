import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PayloadSigner } from '../crypto/payload-signer.ts'
import type { Fault } from './problem.ts'

// A megabyte takes a few milliseconds.
const bytesPerTurn = 1_000_000

/**
 * Makes a hook of a route that puts the SHA-256 of the body, exactly as it is sent, in the header `Digest` (RFC 3230) of every
 * answer that succeeded, and its signature in `nlgov-adr-payload-sig` where there is a signer.
 */
export function addDigest(signDigest?: PayloadSigner) {
  return async (_request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    if (reply.statusCode >= 300 || !Buffer.isBuffer(payload)) return payload
    const hash = createHash('sha256')
    for (let from = 0; from < payload.length; from += bytesPerTurn) {
      if (from > 0) await yieldToOthers()
      hash.update(payload.subarray(from, from + bytesPerTurn))
    }
    const digest = `SHA-256=${hash.digest('base64')}`
    reply.header('digest', digest)
    if (signDigest) reply.header('nlgov-adr-payload-sig', signDigest(digest))
    return payload
  }
}

const algorithms: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' }

/**
 * What is wrong with the digests that a request gives of its body: in `Digest` (RFC 3230) or `Content-Digest` (RFC 9530).
 * Algorithms that are not known are passed over.
 */
export function digestFaults(headers: IncomingHttpHeaders, body: Buffer): Fault[] {
  return ['digest', 'content-digest'].flatMap((name) => {
    const given = String(headers[name] ?? '')
    const parts = given === '' ? [] : given.split(',')
    const isWrong = parts.some((part) => !isDigestOf(part, body))
    const detail = `${name} past niet bij de body zoals die is ontvangen; verzend hem opnieuw.`
    return isWrong ? [{ in: 'header' as const, location: name, code: 'digest', detail }] : []
  })
}

// SHA-256=… or sha-256=:…:
function isDigestOf(part: string, body: Buffer): boolean {
  const [, name = '', value] = /^\s*([\w-]+)=:?([\w+/=-]*?):?\s*$/.exec(part) ?? []
  const algorithm = algorithms[name.toLowerCase()]
  if (algorithm === undefined) return name !== ''
  return createHash(algorithm).update(body).digest('base64') === value
}

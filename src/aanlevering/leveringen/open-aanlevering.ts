import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { decodeBody } from '../../platform/http/decode-body.ts'
import { hashBody } from '../../platform/http/hash-body.ts'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'
import { afterFirst, paceLines } from './pace-lines.ts'
import { type AanleveringType, aanleveringTypes, type Regel, readAanlevering } from './read-aanlevering.ts'

/** How large a delivery may be. */
export const aanleveringLimits = {
  maxWireBytes: 256 * 1024 * 1024,
  maxDecodedBytes: 1024 * 1024 * 1024,
  tooLarge: 'De aanlevering is te groot; verdeel haar over meer verzoeken.'
}
// Longest wait for the next lines, in milliseconds.
const longestPause = 15_000

/** A delivery after its first line has come. */
export type OpenedAanlevering = {
  readonly lines: AsyncIterable<readonly Regel[]>
  /** Reads the rest of the body and returns the SHA-256 of all of it; a repeat must have the same one. */
  readonly digest: () => Promise<string>
}

/**
 * Opens the body of a delivery and waits for its first line. Throws mediatype-niet-ondersteund, and ongeldige-invoer
 * when there is no body.
 */
export async function openAanlevering(request: FastifyRequest): Promise<OpenedAanlevering> {
  const type = typeOf(request)
  if (request.body === undefined) throw invalid([bodyFault('', 'required', 'De body ontbreekt.')])
  const body = decodeBody(request.body as Readable, request.headers['content-encoding'], aanleveringLimits)
  const { bytes, digest } = hashBody(body)
  return { lines: paceLines(await afterFirst(readAanlevering(bytes, type)), longestPause), digest }
}

function typeOf({ headers }: FastifyRequest): AanleveringType {
  const given = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const type = aanleveringTypes.find((known) => known === given)
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (type === undefined || (charset !== undefined && charset.toLowerCase() !== 'utf-8')) {
    throw new Problem('mediatype-niet-ondersteund')
  }
  return type
}

import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'
import { decodeBody } from './decode-body.ts'
import { afterFirst, paceLines } from './pace-lines.ts'
import { type AanleveringType, aanleveringTypes, type Regel, readAanlevering } from './read-aanlevering.ts'

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
  const body = decodeBody(request.body as Readable, request.headers['content-encoding'])
  const { bytes, digest } = hashing(body)
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

function hashing(input: AsyncIterable<Buffer>) {
  const hash = createHash('sha256')
  async function* read() {
    for await (const chunk of input) {
      hash.update(chunk)
      yield chunk
    }
  }
  const bytes = read()
  const digest = async () => {
    for await (const _ of bytes);
    return hash.digest('base64url')
  }
  return { bytes, digest }
}

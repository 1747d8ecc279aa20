import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { decodeBody } from '../../platform/http/decode-body.ts'
import { charsetOf, isUtf8 } from '../../platform/http/decode-text.ts'
import { hashBody } from '../../platform/http/hash-body.ts'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'
import { readCsvBytes, withoutMark } from './csv-bytes.ts'
import { afterFirst, paceLines } from './pace-lines.ts'
import { type Aanleveringsvorm, type Regel, readAanlevering } from './read-aanlevering.ts'

/** How large a delivery may be. */
export const aanleveringLimits = {
  maxWireBytes: 256 * 1024 * 1024,
  maxDecodedBytes: 1024 * 1024 * 1024,
  tooLarge: 'De aanlevering is te groot; verdeel haar over meer verzoeken.'
}
// Twenty lines are some 30 kB: slower than any connection of a business.
const pace = { pause: 15_000, grace: 30_000, linesPerSecond: 20 }

/** A delivery after its first line has come. */
export type OpenedAanlevering = {
  readonly lines: AsyncIterable<readonly Regel[]>
  /** Reads the rest of the body and returns the SHA-256 of all of it; a repeat must have the same one. */
  readonly digest: () => Promise<string>
}

/**
 * Opens the body of a delivery and waits for its first line; `ending` cuts it off. Throws mediatype-niet-ondersteund, and ongeldige-invoer
 * when there is no body.
 */
export async function openAanlevering(
  request: FastifyRequest,
  ending: AbortSignal
): Promise<OpenedAanlevering> {
  const { vorm, charset } = formOf(request)
  if (request.body === undefined) throw invalid([bodyFault('', 'required', 'De body ontbreekt.')])
  const body = decodeBody(request.body as Readable, request.headers['content-encoding'], aanleveringLimits)
  const { bytes, digest } = hashBody(body)
  const readable = vorm === 'csv' ? readCsvBytes(bytes, charset) : withoutMark(bytes)
  const lines = readAanlevering(readable, vorm)
  return { lines: paceLines(await afterFirst(lines), pace, ending), digest }
}

/** The media types of a delivery, each with the form that it means. */
export const aanleveringTypes: Readonly<Record<string, Aanleveringsvorm>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/jsonlines': 'ndjson',
  'text/csv': 'csv',
  'application/json': 'json'
}

/** The media types that senders have and the hub cannot read, each with what to do instead. */
export const refusedTypes: Readonly<Record<string, string>> = {
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet':
    'Een spreadsheet wordt niet gelezen. Bewaar het blad als CSV en stuur dat als text/csv.',
  'application/vnd.ms-excel':
    'Een spreadsheet wordt niet gelezen. Bewaar het blad als CSV en stuur dat als text/csv.',
  'multipart/form-data':
    'Een formulier wordt niet gelezen. Stuur het bestand zelf als body, met zijn eigen Content-Type.'
}

function formOf({ headers }: FastifyRequest): { vorm: Aanleveringsvorm; charset: string | undefined } {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const vorm = aanleveringTypes[type]
  const charset = charsetOf(headers['content-type'])
  if (vorm === undefined) throw new Problem('mediatype-niet-ondersteund', { detail: refusedTypes[type] })
  if (vorm !== 'csv' && !isUtf8(charset)) throw new Problem('mediatype-niet-ondersteund')
  return { vorm, charset }
}

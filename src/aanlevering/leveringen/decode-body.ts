import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'

/** The most bytes a delivery may take on the wire, and after decompression. */
export const maxWireBytes = 256 * 1024 * 1024
export const maxDecodedBytes = 1024 * 1024 * 1024
// A month of signals compresses about ten times; more than this is a bomb.
const maxRatio = 100
const ratioCountsFrom = 4 * 1024 * 1024

/**
 * The bytes of a delivery as they come in, decompressed when they are gzip, within fixed limits.
 * Throws te-groot for a body or an expansion over the limits, ongeldige-invoer for a broken or cut off gzip stream.
 */
export async function* decodeBody(body: Readable, encoding: string | undefined): AsyncGenerator<Buffer> {
  const wire = { bytes: 0 }
  if (encoding === undefined || encoding === 'identity') {
    yield* counted(body, wire, maxWireBytes)
    return
  }
  if (encoding !== 'gzip') throw new Problem('mediatype-niet-ondersteund')
  const gunzip = createGunzip()
  // A fault of either stream ends both, and comes out where the decoded bytes are read.
  pipeline(Readable.from(counted(body, wire, maxWireBytes)), gunzip, () => undefined)
  const decoded = { bytes: 0 }
  try {
    for await (const chunk of counted(gunzip, decoded, maxDecodedBytes)) {
      if (decoded.bytes > ratioCountsFrom && decoded.bytes > wire.bytes * maxRatio) throw tooLarge()
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof Problem || !isZlibError(cause) ? cause : brokenGzip(cause)
  } finally {
    gunzip.destroy()
  }
}

async function* counted(
  input: AsyncIterable<Buffer>,
  count: { bytes: number },
  limit: number
): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    count.bytes += chunk.length
    if (count.bytes > limit) throw tooLarge()
    yield chunk
  }
}

function isZlibError(cause: unknown): boolean {
  return String((cause as { code?: string }).code).startsWith('Z_')
}

function tooLarge(): Problem {
  return new Problem('te-groot', { detail: 'De aanlevering is te groot; verdeel haar over meer verzoeken.' })
}

function brokenGzip(cause: unknown): Problem {
  const detail = 'De gzip-stroom is beschadigd of afgebroken; er is niets opgenomen.'
  return invalid([bodyFault('', 'gzip', detail)], cause)
}

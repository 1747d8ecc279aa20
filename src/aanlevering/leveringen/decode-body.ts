import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'

/** Maximum size of a delivery in bytes, on the wire and after decompression. */
export const maxWireBytes = 256 * 1024 * 1024
export const maxDecodedBytes = 1024 * 1024 * 1024
// A month of signals compresses about tenfold; a hundredfold is a decompression bomb.
const maxRatio = 100
const ratioCountsFrom = 4 * 1024 * 1024

/**
 * Streams the bytes of a delivery, decompressed when `encoding` is gzip. Throws te-groot above a limit,
 * ongeldige-invoer for a broken or truncated gzip stream, mediatype-niet-ondersteund for another encoding.
 */
export async function* decodeBody(body: Readable, encoding: string | undefined): AsyncGenerator<Buffer> {
  const wire = { bytes: 0 }
  if (encoding === undefined || encoding === 'identity') {
    yield* counted(wireOf(body), wire, maxWireBytes)
    return
  }
  if (encoding !== 'gzip') throw new Problem('mediatype-niet-ondersteund')
  const gunzip = createGunzip()
  // An error in either stream ends both and is thrown where the decoded bytes are read.
  pipeline(Readable.from(counted(wireOf(body), wire, maxWireBytes)), gunzip, () => undefined)
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

// Leaves the body open when reading stops early: destroying it would cut the connection before the answer.
function wireOf(body: Readable): AsyncIterable<Buffer> {
  return body.iterator({ destroyOnReturn: false })
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

import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { bodyFault, invalid, Problem } from './problem.ts'

/** How large a body may be, in bytes: on the wire, and after decompression; and what its sender reads if it is larger. */
export type BodyLimits = {
  readonly maxWireBytes: number
  readonly maxDecodedBytes: number
  readonly tooLarge: string
}

// Records compress about tenfold; a hundredfold is a decompression bomb.
const maxRatio = 100
const ratioCountsFrom = 4 * 1024 * 1024

/**
 * Streams the bytes of a body, decompressed when `contentEncoding` is gzip. Throws te-groot above a limit, ongeldige-invoer for
 * a broken or truncated gzip stream, mediatype-niet-ondersteund for another encoding.
 */
export async function* decodeBody(
  body: Readable,
  contentEncoding: string | undefined,
  { maxWireBytes, maxDecodedBytes, tooLarge }: BodyLimits
): AsyncGenerator<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase()
  const refuse = () => new Problem('te-groot', { detail: tooLarge })
  const wire = { bytes: 0 }
  const onWire = () => counted(wireOf(body), wire, maxWireBytes, refuse)
  if (encoding === undefined || encoding === 'identity') {
    yield* onWire()
    return
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new Problem('mediatype-niet-ondersteund')
  const gunzip = createGunzip()
  // An error in either stream ends both and is thrown where the decoded bytes are read.
  pipeline(Readable.from(onWire()), gunzip, () => undefined)
  const decoded = { bytes: 0 }
  try {
    for await (const chunk of counted(gunzip, decoded, maxDecodedBytes, refuse)) {
      if (decoded.bytes > ratioCountsFrom && decoded.bytes > wire.bytes * maxRatio) throw refuse()
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
  limit: number,
  refuse: () => Problem
): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    count.bytes += chunk.length
    if (count.bytes > limit) throw refuse()
    yield chunk
  }
}

function isZlibError(cause: unknown): boolean {
  return String((cause as { code?: string }).code).startsWith('Z_')
}

function brokenGzip(cause: unknown): Problem {
  const detail = 'De gzip-stroom is beschadigd of afgebroken; er is niets opgenomen.'
  return invalid([bodyFault('', 'gzip', detail)], cause)
}

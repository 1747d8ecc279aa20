import { bodyFault, invalid, Problem } from './problem.ts'

const utf16 = /^utf-?16/
const charsets = [
  'utf-8',
  'us-ascii',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'utf-16',
  'utf-16le',
  'utf-16be'
]

/** The charset that a Content-Type names, in lower case; `utf8`, which is none, is what many write for `utf-8`. */
export function charsetOf(contentType: string | undefined): string | undefined {
  const named = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  return named === 'utf8' ? 'utf-8' : named
}

/** True for UTF-8 and its part US-ASCII, and where no charset is named. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset === 'utf-8' || charset === 'us-ascii'
}

/**
 * Decodes bytes to text as they come: in `charset`, else in UTF-16 where they begin with its mark, else in UTF-8.
 * Throws mediatype-niet-ondersteund for an unknown charset, ongeldige-invoer for bytes that are not in it.
 */
export async function* decodeText(
  bytes: AsyncIterable<Buffer>,
  charset: string | undefined
): AsyncGenerator<string> {
  if (charset !== undefined && !charsets.includes(charset)) throw new Problem('mediatype-niet-ondersteund')
  let decoder: InstanceType<typeof TextDecoder> | undefined
  for await (const chunk of bytes) {
    decoder ??= openDecoder(charset, chunk)
    yield decodeChunk(decoder, chunk)
  }
  if (decoder !== undefined) yield decodeChunk(decoder)
}

function openDecoder(charset: string | undefined, first: Buffer) {
  const isOpen = charset === undefined || utf16.test(charset)
  return new TextDecoder((isOpen ? markedUtf16(first) : undefined) ?? charset ?? 'utf-8', { fatal: true })
}

/** The kind of UTF-16 that bytes say they are in by the mark they begin with. */
export function markedUtf16(first: Buffer): 'utf-16be' | 'utf-16le' | undefined {
  const mark = first.subarray(0, 2).toString('hex')
  return mark === 'feff' ? 'utf-16be' : mark === 'fffe' ? 'utf-16le' : undefined
}

function decodeChunk(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch (cause) {
    const detail =
      'Het bestand is geen geldige UTF-8; bewaar het als "CSV UTF-8" of noem de tekenset, bijvoorbeeld text/csv; charset=windows-1252.'
    throw invalid([bodyFault('', 'encoding', detail)], cause)
  }
}

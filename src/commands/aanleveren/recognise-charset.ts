import { markedUtf16 } from '../../platform/http/decode-text.ts'

/** The character sets that files come in, by the names that the hub takes. */
export type Charset = 'utf-8' | 'utf-16' | 'utf-16le' | 'windows-1252'

/**
 * The character set of a text. What is valid UTF-8 is taken for that, what is not for Windows-1252. Throws an Error for
 * what is no text, and for the character set of MS-DOS, in which `ë` looks like `‰`.
 */
export async function recogniseCharset(bytes: AsyncIterable<Buffer>): Promise<Charset> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let first: Buffer | undefined
  let isUtf8 = true
  let isDos = false
  for await (const chunk of bytes) {
    first ??= chunk
    if (isZip(first)) throw new Error(spreadsheet)
    if (markedUtf16(first)) return 'utf-16'
    if (isUnmarkedUtf16(first)) return 'utf-16le'
    isUtf8 &&= isValid(utf8, chunk)
    isDos ||= dosLetter.test(chunk.toString('latin1'))
  }
  if (isUtf8) return 'utf-8'
  if (isDos) throw new Error(msDos)
  return 'windows-1252'
}

const spreadsheet =
  'Dit is een spreadsheet (.xlsx of .ods). Bewaar het blad als CSV en lever dat bestand aan.'
const msDos =
  'Dit bestand lijkt bewaard als "CSV (MS-DOS)": letters als ë en é zouden verkeerd worden gelezen. Bewaar het als "CSV UTF-8".'

// An é, ë, ü or other letter of code page 850 between two letters; in Windows-1252 these bytes are no letters.
const dosLetter = /[a-z][\x81\x82\x84\x87-\x8b\x8d\x94][a-z]/i

function isZip(first: Buffer): boolean {
  return first.subarray(0, 4).toString('latin1') === 'PK\x03\x04'
}

function isUnmarkedUtf16(first: Buffer): boolean {
  return first.length > 3 && first[0] !== 0 && first[1] === 0 && first[2] !== 0 && first[3] === 0
}

function isValid(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: true })
    return true
  } catch {
    return false
  }
}

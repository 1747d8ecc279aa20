import { decodeText, isUtf8, markedUtf16 } from '../../platform/http/decode-text.ts'

const [newline, carriageReturn] = [0x0a, 0x0d]
const utf8Mark = Buffer.from('\uFEFF')

/**
 * The bytes of a CSV file as lines of UTF-8 that end in `\n` or `\r\n`, whatever a spreadsheet wrote: UTF-16 with its
 * mark, the character set that is named, or lines that end in `\r` alone. What says to be UTF-8 is passed on as it is, so
 * that a byte that is none costs its line. Throws mediatype-niet-ondersteund for an unknown character set.
 */
export async function* readCsvBytes(
  bytes: AsyncIterable<Buffer>,
  charset: string | undefined
): AsyncGenerator<Buffer> {
  yield* endLines(isUtf8(charset) ? decodeMarked(bytes) : encode(decodeText(bytes, charset)))
}

/** The bytes of a file without the mark that says they are UTF-8. */
export async function* withoutMark(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { first, rest } = await peek(bytes)
  yield first.subarray(0, utf8Mark.length).equals(utf8Mark) ? first.subarray(utf8Mark.length) : first
  yield* rest
}

async function* decodeMarked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { first, rest } = await peek(bytes)
  const all = joined(first, rest)
  yield* markedUtf16(first) === undefined ? withoutMark(all) : encode(decodeText(all, undefined))
}

// The first bytes, enough to tell a mark by however they came, and the rest.
async function peek(bytes: AsyncIterable<Buffer>) {
  const chunks = bytes[Symbol.asyncIterator]()
  let first: Buffer = Buffer.alloc(0)
  while (first.length < utf8Mark.length) {
    const { done, value } = await chunks.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  return { first, rest: { [Symbol.asyncIterator]: () => chunks } }
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

async function* encode(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text)
}

async function* endLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isHeld = false
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue
    const joined: Buffer = isHeld ? Buffer.concat([Buffer.of(carriageReturn), chunk]) : chunk
    // What follows the last byte is not known yet.
    isHeld = joined.at(-1) === carriageReturn
    yield endLone(isHeld ? joined.subarray(0, -1) : joined)
  }
  if (isHeld) yield Buffer.of(newline)
}

function endLone(bytes: Buffer): Buffer {
  let ended: Buffer | undefined
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] === newline) continue
    ended ??= Buffer.from(bytes)
    ended[at] = newline
  }
  return ended ?? bytes
}

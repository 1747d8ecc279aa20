/** One line or array element of a delivery: its number, from 1, and its bytes unless it is too long. */
export type Piece =
  | { readonly regel: number; readonly bytes: Buffer }
  | { readonly regel: number; readonly tooLong: true }

/** Maximum size of one signal in bytes; a real one takes under two thousand. */
export const maxPieceBytes = 16 * 1024

/** Maximum number of pieces passed on together. Awaiting each piece would cost as much as reading it. */
export const piecesAtOnce = 50

const newline = 0x0a
const nothing: Buffer = Buffer.alloc(0)

/**
 * Splits a stream into lines (`\n` or `\r\n`), several at a time. Holds at most one line and one chunk in memory. Blank
 * lines are skipped but counted; a line above the limit is passed on without its bytes.
 */
export async function* readLines(input: AsyncIterable<Buffer>): AsyncGenerator<Piece[]> {
  let rest = nothing
  let regel = 0
  let isTooLong = false
  for await (const chunk of input) {
    let pieces: Piece[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      regel += 1
      const ending = chunk.subarray(start, end)
      const line = rest.length === 0 ? ending : Buffer.concat([rest, ending])
      const piece = toPiece(regel, line, isTooLong)
      if (piece !== undefined) pieces.push(piece)
      rest = nothing
      isTooLong = false
      start = end + 1
      if (pieces.length < piecesAtOnce) continue
      yield pieces
      pieces = []
    }
    rest = Buffer.concat([rest, chunk.subarray(start)])
    if (rest.length > maxPieceBytes) {
      isTooLong = true
      rest = nothing
    }
    if (pieces.length > 0) yield pieces
  }
  const last = toPiece(regel + 1, rest, isTooLong)
  if (last !== undefined) yield [last]
}

function toPiece(regel: number, line: Buffer, isTooLong: boolean): Piece | undefined {
  const bytes = line.at(-1) === 0x0d ? line.subarray(0, -1) : line
  if (isTooLong || bytes.length > maxPieceBytes) return { regel, tooLong: true }
  return bytes.every((byte) => byte === 0x20 || byte === 0x09) ? undefined : { regel, bytes }
}

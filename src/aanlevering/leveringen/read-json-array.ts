import { bodyFault, invalid, type Problem } from '../../platform/http/problem.ts'
import { maxPieceBytes, type Piece, piecesAtOnce } from './read-lines.ts'

const head = /^\s*\{\s*"vroegsignalen"\s*:\s*\[/
const maxHeadBytes = 200
// After the elements comes one closing brace, with some white space around it.
const maxTailLength = 10

/**
 * Splits `{"vroegsignalen":[…]}` into its elements, numbered from 1, several at a time. Holds at most one element and
 * one chunk in memory. Throws ongeldige-invoer when the text around the elements is anything else.
 */
export async function* readJsonArray(input: AsyncIterable<Buffer>): AsyncGenerator<Piece[]> {
  const splitter = openSplitter()
  let opening = ''
  let isOpen = false
  for await (const chunk of input) {
    let bytes = chunk
    if (!isOpen) {
      opening += chunk.toString('latin1')
      const match = head.exec(opening)
      if (match === null && /^\s*\[/.test(opening)) throw malformed(bareList)
      if (match === null && opening.length > maxHeadBytes) throw malformed()
      if (match === null) continue
      isOpen = true
      bytes = Buffer.from(opening.slice(match[0].length), 'latin1')
    }
    const pieces = splitter.push(bytes)
    for (let start = 0; start < pieces.length; start += piecesAtOnce)
      yield pieces.slice(start, start + piecesAtOnce)
  }
  if (!isOpen || !splitter.isClosed()) throw malformed()
}

const byte = (character: string) => character.charCodeAt(0)
const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\,[]{}'].map(byte)

// A state machine over bytes. Depth and strings are all it needs to find where an element ends.
function openSplitter() {
  let parts: Buffer[] = []
  let size = 0
  let regel = 1
  let depth = 0
  let isString = false
  let isEscaped = false
  let tail: string | undefined
  let needsElement = false

  const take = (): Piece | undefined => {
    const bytes = Buffer.concat(parts)
    const isTooLong = size > maxPieceBytes
    parts = []
    size = 0
    if (!isTooLong && bytes.toString('latin1').trim() === '') return undefined
    const piece = isTooLong ? { regel, tooLong: true as const } : { regel, bytes }
    regel += 1
    return piece
  }
  const keep = (bytes: Buffer) => {
    size += bytes.length
    if (size <= maxPieceBytes) parts.push(bytes)
  }

  const push = (chunk: Buffer): Piece[] => {
    const pieces: Piece[] = []
    if (tail !== undefined) {
      tail += chunk.toString('latin1').trim()
      if (tail.length > maxTailLength) throw malformed()
      return pieces
    }
    let start = 0
    for (let index = 0; index < chunk.length; index += 1) {
      const code = chunk[index]
      if (isString) {
        if (isEscaped) isEscaped = false
        else if (code === backslash) isEscaped = true
        else if (code === quote) isString = false
      } else if (code === quote) isString = true
      else if (code === openBrace || code === openBracket) depth += 1
      else if (depth > 0 && (code === closeBrace || code === closeBracket)) depth -= 1
      else if (depth === 0 && (code === comma || code === closeBracket)) {
        keep(chunk.subarray(start, index))
        const piece = take()
        if (piece !== undefined) pieces.push(piece)
        else if (code === comma || needsElement) throw malformed()
        needsElement = code === comma
        start = index + 1
        if (code === closeBracket) {
          tail = chunk.toString('latin1', start).trim()
          return pieces
        }
      }
    }
    keep(chunk.subarray(start))
    return pieces
  }
  return { push, isClosed: () => tail !== undefined && /^\s*\}\s*$/.test(tail) }
}

const bareList =
  'De body is een kale lijst. Zet haar in een object: {"vroegsignalen": [ … ]}, of stuur elk signaal op een eigen regel als application/x-ndjson.'

function malformed(detail = 'De body moet precies {"vroegsignalen": [ … ]} zijn.'): Problem {
  return invalid([bodyFault('', 'json', detail)])
}

import { parse } from 'csv-parse/sync'
import { bodyFault, type Fault } from '../../platform/http/problem.ts'
import { tidyCell } from './read-cell.ts'
import { maxPieceBytes, type Piece, readLines } from './read-lines.ts'

/** A row of a CSV file: the number of its first line, and its cells or the reason why it could not be read. */
export type Row =
  | { readonly regel: number; readonly cells: readonly string[] }
  | { readonly regel: number; readonly fault: Fault }

type Line =
  | { readonly regel: number; readonly text: string }
  | { readonly regel: number; readonly fault: Fault }

// A quoted cell may hold a few line breaks. More lines than this mean that the quote was never closed.
const maxLinesPerRow = 20
const separators = [';', ',', '\t']

/**
 * Reads the rows of a CSV file in order, several at a time, in bounded memory; the first is the header line. Takes UTF-8,
 * and `;`, `,` or tab: what a first line `sep=;` says, else what shows the most columns with a known name. Passes over
 * rows without a value. A row that cannot be read is reported under its first line; reading continues at the next line,
 * so that one bad quote does not cost other rows.
 */
export async function* readRows(
  input: AsyncIterable<Buffer>,
  isKnown: (name: string) => boolean
): AsyncGenerator<Row[]> {
  let named: string | undefined
  let separator: string | undefined
  let open: Line[] = []
  for await (const pieces of readLines(input)) {
    const rows: Row[] = []
    for (const line of pieces.map(decode)) {
      if (separator === undefined) {
        const first: string | undefined = named === undefined ? namedSeparator(line) : undefined
        if (first !== undefined) {
          named = first
          continue
        }
        separator = named ?? likelySeparator(line, isKnown)
      }
      open.push(line)
      open = takeRows(open, separator, false, rows)
    }
    if (rows.length > 0) yield rows
  }
  const last: Row[] = []
  if (separator !== undefined) takeRows(open, separator, true, last)
  if (last.length > 0) yield last
}

// The first line of a file that was made for a spreadsheet to open may say only which separator it has.
function namedSeparator(line: Line): string | undefined {
  return 'text' in line ? /^"?sep=(.)"?[;,\t]*$/i.exec(line.text)?.[1] : undefined
}

function likelySeparator(line: Line, isKnown: (name: string) => boolean): string {
  const text = 'text' in line ? line.text : ''
  const knownBy = (separator: string) => (splitCells(text, separator) ?? []).filter(isKnown).length
  return separators.toSorted((a, b) => knownBy(b) - knownBy(a))[0]!
}

// Moves the complete rows in `open` to `rows` and returns the lines that are left.
function takeRows(open: Line[], separator: string, isEnd: boolean, rows: Row[]): Line[] {
  let left = open
  for (let taken = takeRow(left, separator, isEnd); taken; taken = takeRow(left, separator, isEnd)) {
    if (taken.row !== undefined) rows.push(taken.row)
    left = left.slice(taken.lines)
  }
  return left
}

function decode(piece: Piece): Line {
  const { regel } = piece
  if ('tooLong' in piece) {
    return { regel, fault: lineFault('maxLength', `De regel is langer dan ${maxPieceBytes} bytes.`) }
  }
  try {
    return {
      regel,
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece.bytes)
    }
  } catch {
    const detail =
      'De regel is geen geldige UTF-8; bewaar het bestand als "CSV UTF-8" of noem de tekenset, bijvoorbeeld text/csv; charset=windows-1252.'
    return { regel, fault: lineFault('encoding', detail) }
  }
}

/** A row and the number of its lines; one without a value is no row. */
type Taken = { readonly row: Row | undefined; readonly lines: number }

// The first row in `open`, or undefined while a quote is open that a later line may close.
function takeRow(open: readonly Line[], separator: string, isEnd: boolean): Taken | undefined {
  const [first] = open
  if (first === undefined) return undefined
  if ('fault' in first) return { row: first, lines: 1 }
  let text = first.text
  let count = 1
  for (; isQuoteOpen(text) && count < open.length; count += 1) {
    const next = open[count]!
    if ('fault' in next) return unclosed(first.regel)
    text += `\n${next.text}`
  }
  if (isQuoteOpen(text)) {
    const mayClose = !isEnd && count < maxLinesPerRow && text.length < maxPieceBytes
    return mayClose ? undefined : unclosed(first.regel)
  }
  const cells = splitCells(text, separator)
  if (cells === undefined) return unclosed(first.regel)
  const isBlank = cells.every((cell) => tidyCell(cell) === '')
  return { row: isBlank ? undefined : { regel: first.regel, cells }, lines: count }
}

function isQuoteOpen(text: string): boolean {
  let isOpen = false
  for (let index = text.indexOf('"'); index >= 0; index = text.indexOf('"', index + 1)) isOpen = !isOpen
  return isOpen
}

function splitCells(text: string, separator: string): string[] | undefined {
  if (!text.includes('"')) return text.split(separator)
  try {
    return (parse(text, { delimiter: separator, relax_column_count: true }) as string[][])[0]
  } catch {
    return undefined
  }
}

function unclosed(regel: number): Taken {
  const detail = 'De regel is geen geldige CSV; controleer of elk aanhalingsteken is gesloten.'
  return { row: { regel, fault: lineFault('csv', detail) }, lines: 1 }
}

function lineFault(code: string, detail: string): Fault {
  return bodyFault('', code, detail)
}

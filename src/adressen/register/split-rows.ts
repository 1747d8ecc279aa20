import { parse } from 'csv-parse/sync'
import { bodyFault, invalid } from '../../platform/http/problem.ts'

/** A row of a CSV file: the number of its line, from 1, and its cells. */
export type Rij = { readonly regel: number; readonly cells: readonly string[] }

// Longer than any row with line breaks in its cells: a quote was never closed, or this is no text in lines.
const longestRow = 64 * 1024

/**
 * Splits the text of a CSV file into rows, several at a time, in bounded memory: separated by `;`, `,` or tab as in the
 * first line, lines ending in LF or CRLF, cells with or without quotes. Blank lines are counted and left out.
 * Throws ongeldige-invoer, naming the line, for a quote that is not closed.
 */
export async function* splitRows(texts: AsyncIterable<string>): AsyncGenerator<Rij[]> {
  let rest = ''
  let regel = 1
  let separator: string | undefined
  for await (const text of texts) {
    rest += text
    const end = rest.lastIndexOf('\n') + 1
    const whole = rest.slice(0, end)
    if (end === 0 || isQuoteOpen(whole)) {
      if (rest.length > longestRow * 4) throw unclosed(regel)
      continue
    }
    separator ??= separatorOf(whole)
    yield rowsOf(whole, separator, regel)
    regel += countLines(whole)
    rest = rest.slice(end)
  }
  if (isQuoteOpen(rest)) throw unclosed(regel)
  if (rest !== '') yield rowsOf(rest, separator ?? separatorOf(rest), regel)
}

function separatorOf(text: string): string {
  const [header = ''] = text.trimStart().split('\n', 1)
  const count = (separator: string) => header.split(separator).length
  return [';', ',', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

function rowsOf(text: string, separator: string, first: number): Rij[] {
  if (text.includes('"')) return quotedRows(text, separator, first)
  const rows: Rij[] = []
  let regel = first
  for (const line of text.split('\n')) {
    if (line !== '' && line !== '\r') rows.push({ regel, cells: line.split(separator) })
    regel += 1
  }
  return rows
}

// A row with line breaks in its cells goes by the number of its last line.
function quotedRows(text: string, separator: string, first: number): Rij[] {
  return parseRows(text, separator, first).map(({ record, info }) => ({
    regel: first + info.lines - 1,
    cells: record
  }))
}

type ParsedRow = { readonly record: string[]; readonly info: { readonly lines: number } }

// Two stray quotes make an even number, so only the parser finds that the second one opens a cell.
function parseRows(text: string, separator: string, first: number): ParsedRow[] {
  try {
    return parse(text, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true
    }) as unknown as ParsedRow[]
  } catch {
    throw unclosed(first)
  }
}

function isQuoteOpen(text: string): boolean {
  let isOpen = false
  for (let index = text.indexOf('"'); index >= 0; index = text.indexOf('"', index + 1)) isOpen = !isOpen
  return isOpen
}

function countLines(text: string): number {
  let lines = 0
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) lines += 1
  return lines
}

function unclosed(regel: number) {
  const detail = 'De CSV is hier niet te lezen; controleer of elk aanhalingsteken is gesloten.'
  return invalid([bodyFault(`/${regel}`, 'csv', detail)])
}

import { parse } from 'csv-parse/sync'
import { bodyFault, type Fault, invalid, type Problem } from '../../platform/http/problem.ts'
import { type CellFault, type CsvColumn, csvColumns, pathOf, rowToSignal } from './csv-columns.ts'
import { tidyCell } from './read-cell.ts'
import { maxPieceBytes, type Piece, readLines } from './read-lines.ts'

/** A record of a CSV delivery: its line number, and the signal or the reasons why it could not be read. */
export type CsvRecord =
  | { readonly regel: number; readonly value: unknown }
  | { readonly regel: number; readonly referentie?: string; readonly faults: Fault[] }

type Line =
  | { readonly regel: number; readonly text: string }
  | { readonly regel: number; readonly fault: Fault }
type Columns = readonly (CsvColumn | undefined)[]
type Header = { readonly separator: string; readonly columns: Columns }

// A quoted cell may hold a few line breaks. More lines than this mean that the quote was never closed.
const maxLinesPerRecord = 20

/**
 * Reads the records of a CSV delivery in order, several at a time, in bounded memory. Takes UTF-8, `;`, `,` or tab as in
 * the header line or as a first line `sep=;` says, and quoted cells with line breaks. Passes over rows without a value. A
 * record that cannot be read is reported under its first line; reading continues at the next line, so that one bad quote
 * does not cost other records.
 * Throws ongeldige-invoer for unknown or repeated columns in the header line, naming them by position.
 */
export async function* readCsv(input: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  let header: Header | undefined
  let separator: string | undefined
  let open: Line[] = []
  for await (const pieces of readLines(input)) {
    const records: CsvRecord[] = []
    for (const line of pieces.map(decode)) {
      if (header === undefined) {
        const named: string | undefined = separator === undefined ? namedSeparator(line) : undefined
        if (named === undefined) header = readHeader(line, separator)
        else separator = named
        continue
      }
      open.push(line)
      open = takeRecords(open, header, false, records)
    }
    if (records.length > 0) yield records
  }
  if (header === undefined) throw badHeader([lineFault('required', 'De kopregel ontbreekt.')])
  const last: CsvRecord[] = []
  takeRecords(open, header, true, last)
  if (last.length > 0) yield last
}

// Moves the complete records in `open` to `records` and returns the lines that are left.
function takeRecords(open: Line[], header: Header, isEnd: boolean, records: CsvRecord[]): Line[] {
  let left = open
  for (let taken = takeRecord(left, header, isEnd); taken; taken = takeRecord(left, header, isEnd)) {
    if (taken.record !== undefined) records.push(taken.record)
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

/** A record and the number of its lines; a row without a value is no record. */
type Taken = { readonly record: CsvRecord | undefined; readonly lines: number }

// The first record in `open`, or undefined while a quote is open that a later line may close.
function takeRecord(open: readonly Line[], header: Header, isEnd: boolean): Taken | undefined {
  const [first] = open
  if (first === undefined) return undefined
  if ('fault' in first) return { record: { regel: first.regel, faults: [first.fault] }, lines: 1 }
  let text = first.text
  let count = 1
  for (; isQuoteOpen(text) && count < open.length; count += 1) {
    const next = open[count]!
    if ('fault' in next) return unclosed(first.regel)
    text += `\n${next.text}`
  }
  if (isQuoteOpen(text)) {
    const mayClose = !isEnd && count < maxLinesPerRecord && text.length < maxPieceBytes
    return mayClose ? undefined : unclosed(first.regel)
  }
  const cells = splitCells(text, header.separator)
  if (cells === undefined) return unclosed(first.regel)
  const isBlank = cells.every((cell) => tidyCell(cell) === '')
  return { record: isBlank ? undefined : readRecord(header.columns, cells, first.regel), lines: count }
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
  return { record: { regel, faults: [lineFault('csv', detail)] }, lines: 1 }
}

function readRecord(columns: Columns, record: readonly string[], regel: number): CsvRecord {
  const referentie = tidyCell(record[columns.indexOf('referentie')] ?? '')
  const named = { regel, ...(referentie && isReadable(referentie) && { referentie }) }
  if (record.slice(columns.length).some((cell) => tidyCell(cell) !== '')) {
    return { ...named, faults: [lineFault('maxItems', 'De regel heeft meer cellen dan de kopregel.')] }
  }
  const { signal, faults } = rowToSignal(columns, record)
  const amounts = [columns.indexOf('achterstand.bedrag'), columns.indexOf('achterstand.bedragInCenten')]
  if (amounts.every((index) => tidyCell(record[index] ?? '') !== '')) {
    faults.push({ column: 'achterstand.bedrag', kind: 'twice' })
  }
  return faults.length === 0 ? { regel, value: signal } : { ...named, faults: faults.map(cellFault) }
}

function isReadable(referentie: string): boolean {
  return referentie.length <= 64 && !/\p{Cc}/u.test(referentie)
}

const days = '25-11-2026 of 2026-11-25'
const cellTexts: Record<CellFault['kind'], string> = {
  text: 'Deze cel is niet te lezen.',
  code: 'Deze code is niet te lezen.',
  codes: 'Deze codes zijn niet te lezen.',
  integer: 'Dit moet een geheel getal zijn.',
  huisnummer:
    'Schrijf het huisnummer als 12; letter en toevoeging mogen erachter staan (12A, 12-2) of in hun eigen kolom. Maakte uw spreadsheet er een datum van, geef de kolom dan de opmaak Tekst.',
  euros: 'Schrijf het bedrag in euro als 845,00.',
  date: `Schrijf de dag als ${days}.`,
  birthday: `Schrijf de dag als ${days}; laat de cel leeg als de dag niet bekend is.`,
  dates: `Schrijf elke dag als ${days}, met | ertussen.`,
  boolean: 'Schrijf ja of nee.',
  gemeentecode: 'Schrijf de code van de gemeente als 0177.',
  burgerservicenummer: 'Schrijf het burgerservicenummer als negen cijfers.',
  telefoonnummer: 'Schrijf het telefoonnummer als 0612345678.',
  shortened:
    'Uw spreadsheet heeft dit lange nummer ingekort, zoals 8,71687E+17. Geef de kolom de opmaak Tekst en vul het nummer opnieuw in.',
  twice: 'Dit staat er tweemaal.'
}
const twiceTexts: Partial<Record<CsvColumn, string>> = {
  'achterstand.bedrag':
    'Geef het bedrag in euro (achterstand.bedrag) of in centen (achterstand.bedragInCenten), niet allebei.',
  'adres.huisnummer':
    'Zet letter en toevoeging achter het huisnummer of in hun eigen kolommen, niet op beide plaatsen.'
}

function cellFault({ column, kind }: CellFault): Fault {
  const location = `/${pathOf(column).replaceAll('.', '/')}`
  const text = (kind === 'twice' && twiceTexts[column]) || cellTexts[kind]
  return { in: 'body', location, code: kind, detail: `Kolom ${column}: ${text}` }
}

const separators = [';', ',', '\t']

// The first line of a file that was made for a spreadsheet to open may say only which separator it has.
function namedSeparator(line: Line): string | undefined {
  return 'text' in line ? /^"?sep=(.)"?[;,\t]*$/i.exec(line.text)?.[1] : undefined
}

// Spreadsheets and people change case and spaces, never the words.
function foldName(name: string): string {
  return tidyCell(name).replace(/\s/g, '').toLowerCase()
}

const columnsByName = new Map(
  Object.keys(csvColumns).map((column) => [foldName(column), column as CsvColumn])
)

function readHeader(line: Line, named: string | undefined): Header {
  if ('fault' in line) throw badHeader([line.fault])
  const { text } = line
  const namesBy = (separator: string) => (splitCells(text, separator) ?? []).map(foldName)
  const knownBy = (separator: string) => namesBy(separator).filter((name) => columnsByName.has(name)).length
  const separator = named ?? separators.toSorted((a, b) => knownBy(b) - knownBy(a))[0]!
  const names = namesBy(separator)
  const columns = names.map((name) => columnsByName.get(name))
  const errors = names.flatMap((name, index): Fault[] => {
    const fault = (code: string, detail: string): Fault[] => [
      { in: 'body', location: `/1/${index + 1}`, code, detail }
    ]
    if (name === '') return []
    if (!columnsByName.has(name)) {
      return fault('unknownParam', `Kolom ${index + 1} is onbekend; zie GET /v1/aanleveringen/csv-sjabloon.`)
    }
    return names.indexOf(name) < index ? fault('unique', `Kolom ${index + 1} komt vaker voor.`) : []
  })
  if (errors.length > 0) throw badHeader(errors.slice(0, 100))
  return { separator, columns }
}

function badHeader(errors: Fault[]): Problem {
  return invalid(errors)
}

function lineFault(code: string, detail: string): Fault {
  return bodyFault('', code, detail)
}

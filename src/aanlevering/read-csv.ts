import { pipeline, Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { type Fault, Problem } from '../platform/http/problem.ts'
import { type CellFault, type CsvColumn, csvColumns, pathOf, rowToSignal } from './csv-columns.ts'
import { maxPieceBytes } from './read-lines.ts'

/** A record of a CSV delivery: its line number and the signal it describes, or why it could not be read. */
export type CsvRecord =
  | { readonly regel: number; readonly value: unknown }
  | { readonly regel: number; readonly referentie?: string; readonly faults: Fault[] }

/**
 * Reads a CSV delivery record by record: UTF-8 with or without byte order mark, `;` or `,` as its header line shows,
 * quoted cells with line breaks. A record that cannot be read is reported and passed over.
 * Throws ongeldige-invoer, naming the columns by position, when the header line is not one of ours.
 */
export async function* readCsv(input: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  const chunks = input[Symbol.asyncIterator]()
  const start = await readUntilLineEnd(chunks)
  const unread: CsvRecord[] = []
  let lastLine = 0
  const parser = parse({
    bom: true,
    delimiter: separatorOf(start),
    info: true,
    max_record_size: maxPieceBytes,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (record: string[], { lines }: { lines: number }) => {
      lastLine = lines
      return record
    },
    on_skip: (error: unknown) => {
      const { lines = lastLine + 1 } = (error ?? {}) as { lines?: number }
      unread.push(unreadable(lastLine + 1, lines))
      lastLine = lines
      return undefined
    }
  })
  pipeline(Readable.from(chain(start, chunks)), parser, () => undefined)
  let columns: CsvColumn[] | undefined
  // The parser reads ahead, so what it passed over waits until its place in the file has come.
  const unreadBefore = (line: number) =>
    unread.splice(0, unread.findLastIndex(({ regel }) => regel < line) + 1)
  for await (const { record, info } of parser as AsyncIterable<{
    record: string[]
    info: { lines: number }
  }>) {
    yield* unreadBefore(info.lines)
    if (columns === undefined) columns = readHeader(record)
    else yield readRecord(columns, record, info.lines)
  }
  yield* unread
  if (columns === undefined)
    throw badHeader([{ in: 'body', location: '', code: 'required', detail: 'De kopregel ontbreekt.' }])
}

function readRecord(columns: readonly CsvColumn[], record: readonly string[], regel: number): CsvRecord {
  const referentie = record[columns.indexOf('referentie')]?.trim()
  const named = { regel, ...(referentie && isReadable(referentie) && { referentie }) }
  if (record.length > columns.length) {
    return { ...named, faults: [lineFault('maxItems', 'De regel heeft meer cellen dan de kopregel.')] }
  }
  // The parser decodes without complaint; what was not UTF-8 comes out as this character.
  if (record.some((cell) => cell.includes('\uFFFD'))) {
    const detail = 'De regel is geen geldige UTF-8; bewaar het bestand als "CSV UTF-8".'
    return { ...named, faults: [lineFault('encoding', detail)] }
  }
  const { signal, faults } = rowToSignal(columns, record)
  const amounts = [columns.indexOf('achterstand.bedrag'), columns.indexOf('achterstand.bedragInCenten')]
  if (amounts.every((index) => (record[index] ?? '').trim() !== ''))
    faults.push({ column: 'achterstand.bedrag', kind: 'twice' })
  return faults.length === 0 ? { regel, value: signal } : { ...named, faults: faults.map(cellFault) }
}

function isReadable(referentie: string): boolean {
  return referentie.length <= 64 && !/[\p{Cc}\uFFFD]/u.test(referentie)
}

const cellTexts: Record<string, string> = {
  integer: 'Dit moet een geheel getal zijn.',
  euros: 'Schrijf het bedrag in euro als 845,00.',
  date: 'Schrijf de dag als 25-11-2026 of 2026-11-25.',
  dates: 'Schrijf elke dag als 25-11-2026 of 2026-11-25, met | ertussen.',
  boolean: 'Schrijf ja of nee.',
  twice:
    'Geef het bedrag in euro (achterstand.bedrag) of in centen (achterstand.bedragInCenten), niet allebei.'
}

function cellFault({ column, kind }: CellFault): Fault {
  const location = `/${pathOf(column).replaceAll('.', '/')}`
  return { in: 'body', location, code: kind, detail: `Kolom ${column}: ${cellTexts[kind]}` }
}

async function readUntilLineEnd(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0)
  while (!start.includes(0x0a) && start.length <= maxPieceBytes) {
    const { value, done } = await chunks.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  return start
}

async function* chain(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}

function separatorOf(start: Buffer): string {
  const header = start.toString().split('\n', 1)[0]!
  return header.split(';').length >= header.split(',').length ? ';' : ','
}

function readHeader(names: readonly string[]): CsvColumn[] {
  const columns = names.map((name) => name.trim())
  const errors = columns.flatMap((name, index): Fault[] => {
    const fault = (code: string, detail: string): Fault[] => [
      { in: 'body', location: `/1/${index + 1}`, code, detail }
    ]
    if (!Object.hasOwn(csvColumns, name)) {
      return fault('unknownParam', `Kolom ${index + 1} is onbekend; zie GET /v1/aanleveringen/csv-sjabloon.`)
    }
    return columns.indexOf(name) < index ? fault('unique', `Kolom ${index + 1} komt vaker voor.`) : []
  })
  if (errors.length > 0) throw badHeader(errors)
  return columns as CsvColumn[]
}

function badHeader(errors: Fault[]): Problem {
  return new Problem('ongeldige-invoer', { errors })
}

function unreadable(first: number, last: number): CsvRecord {
  const where = first === last ? 'De regel is' : `De regels ${first} tot en met ${last} zijn`
  const detail = `${where} geen geldige CSV; controleer of elk aanhalingsteken is gesloten.`
  return { regel: first, faults: [lineFault('csv', detail)] }
}

function lineFault(code: string, detail: string): Fault {
  return { in: 'body', location: '', code, detail }
}

import { pipeline, Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { type Fault, Problem } from '../platform/http/problem.ts'
import { type CsvColumn, csvColumns, rowToSignal } from './csv-columns.ts'
import { maxPieceBytes } from './read-lines.ts'

/** A record of a CSV delivery: its line number and the signal it describes, or why it could not be read. */
export type CsvRecord =
  | { readonly regel: number; readonly value: unknown }
  | { readonly regel: number; readonly faults: Fault[] }

/**
 * Reads a CSV delivery record by record: UTF-8 with or without byte order mark, `;` or `,` as its header line shows,
 * quoted cells with line breaks. A record that cannot be read is reported and passed over.
 * Throws ongeldige-invoer, naming the columns by position, when the header line is not one of ours.
 */
export async function* readCsv(input: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  const chunks = input[Symbol.asyncIterator]()
  const start = await readUntilLineEnd(chunks)
  const skipped: CsvRecord[] = []
  const parser = parse({
    bom: true,
    delimiter: separatorOf(start),
    info: true,
    max_record_size: maxPieceBytes,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      skipped.push({
        regel: Number((error as { lines?: number } | undefined)?.lines ?? 0),
        faults: [unreadable()]
      })
      return undefined
    }
  })
  pipeline(Readable.from(chain(start, chunks)), parser, () => undefined)
  let columns: CsvColumn[] | undefined
  for await (const { record, info } of parser as AsyncIterable<{
    record: string[]
    info: { lines: number }
  }>) {
    yield* skipped.splice(0)
    if (columns === undefined) columns = readHeader(record)
    else if (record.length > columns.length) yield { regel: info.lines, faults: [tooManyCells()] }
    else yield readRecord(columns, record, info.lines)
  }
  yield* skipped.splice(0)
  if (columns === undefined)
    throw badHeader([{ in: 'body', location: '', code: 'required', detail: 'De kopregel ontbreekt.' }])
}

function readRecord(columns: readonly CsvColumn[], record: readonly string[], regel: number): CsvRecord {
  // The parser decodes without complaint; what was not UTF-8 comes out as this character.
  if (record.some((cell) => cell.includes('\uFFFD'))) return { regel, faults: [notUtf8()] }
  return { regel, value: rowToSignal(columns, record) }
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
  if (columns.includes('achterstand.bedrag') && columns.includes('achterstand.bedragInCenten')) {
    const detail = 'Geef het bedrag in euro (achterstand.bedrag) of in centen, niet allebei.'
    errors.push({ in: 'body', location: '/1', code: 'paramsCombination', detail })
  }
  if (errors.length > 0) throw badHeader(errors)
  return columns as CsvColumn[]
}

function badHeader(errors: Fault[]): Problem {
  return new Problem('ongeldige-invoer', { errors })
}

function unreadable(): Fault {
  return {
    in: 'body',
    location: '',
    code: 'csv',
    detail: 'De regel is geen geldige CSV; controleer de aanhalingstekens.'
  }
}

function tooManyCells(): Fault {
  return { in: 'body', location: '', code: 'maxItems', detail: 'De regel heeft meer cellen dan de kopregel.' }
}

function notUtf8(): Fault {
  return { in: 'body', location: '', code: 'encoding', detail: 'De regel is geen geldige UTF-8.' }
}

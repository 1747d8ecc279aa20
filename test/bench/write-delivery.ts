import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type CsvColumn, csvColumns } from '../../src/aanlevering/leveringen/csv-columns.ts'
import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { generateDelivery } from './generate-delivery.ts'
import { bulkPartner } from './landscape.ts'
import { settings, today } from './settings.ts'

/** A file in the form a partner would send. */
export type DeliveryFile = {
  readonly count: number
  readonly headers: Readonly<Record<string, string>>
  open(): Readable
}

// Partners write amounts in euros, so the column in cents is left out.
const columns = (Object.keys(csvColumns) as CsvColumn[]).filter(
  (name) => name !== 'achterstand.bedragInCenten'
)

/** Writes delivery `number` of the run as NDJSON. */
export async function writeNdjson(dir: string, number: number): Promise<DeliveryFile> {
  const file = join(dir, `levering-${number}.ndjson`)
  await pipeline(Readable.from(chunksOf(signalsOf(number), JSON.stringify)), createWriteStream(file))
  return asFile(file, { 'content-type': 'application/x-ndjson' })
}

/** Writes delivery `number` of the run as gzipped CSV. */
export async function writeCsv(dir: string, number: number): Promise<DeliveryFile> {
  const file = join(dir, `levering-${number}.csv.gz`)
  const lines = chunksOf(signalsOf(number), toRow, `${columns.join(';')}\r\n`)
  await pipeline(Readable.from(lines), createGzip(), createWriteStream(file))
  return asFile(file, { 'content-type': 'text/csv', 'content-encoding': 'gzip' })
}

function asFile(file: string, headers: Record<string, string>): DeliveryFile {
  return { count: settings.lines, headers, open: () => createReadStream(file, { highWaterMark: 256 * 1024 }) }
}

function signalsOf(number: number): Generator<SignaalInvoer> {
  return generateDelivery(settings.seed, bulkPartner, { count: settings.lines, number, datum: today })
}

function* chunksOf(
  signals: Iterable<SignaalInvoer>,
  toLine: (signal: SignaalInvoer) => string,
  header = ''
): Generator<string> {
  let chunk = header
  for (const signal of signals) {
    chunk += `${toLine(signal)}\r\n`
    if (chunk.length < 64 * 1024) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

function toRow(signal: SignaalInvoer): string {
  return columns.map((column) => cellOf(signal, column)).join(';')
}

function cellOf(signal: SignaalInvoer, column: CsvColumn): string {
  if (column === 'achterstand.bedrag') {
    return (signal.achterstand.bedragInCenten / 100).toFixed(2).replace('.', ',')
  }
  const value = column.split('.').reduce(step, signal as unknown)
  return Array.isArray(value) ? value.join('|') : String(value ?? '')
}

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((one) => step(one, name))
  return (value as Record<string, unknown> | undefined)?.[name]
}

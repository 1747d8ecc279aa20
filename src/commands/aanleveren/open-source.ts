import { createHash } from 'node:crypto'
import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { readCsvBytes } from '../../aanlevering/leveringen/csv-bytes.ts'
import { columnNamed, foldName, pathOf } from '../../aanlevering/leveringen/csv-columns.ts'
import { type Row, readRows } from '../../aanlevering/leveringen/read-rows.ts'
import { hashFile, type OnProgress, readShowing, type Sending } from '../sending/send-file.ts'
import type { Kolommen } from './read-kolommen.ts'
import { type Charset, recogniseCharset } from './recognise-charset.ts'
import { translateRows } from './translate-rows.ts'

/** A row of a partner's file, and the number that it has for the hub. */
export type SourceRow = { readonly sentAs: number; readonly row: Row }

/** A partner's file, ready to be sent. */
export type Source = Omit<Sending, 'path'> & {
  readonly charset: Charset
  /** The rows of a CSV, the header first; absent for JSON. */
  readonly rows?: () => AsyncGenerator<SourceRow, undefined>
  /** The partner's own name of a column. */
  readonly nameOf: (column: string) => string
}

const mediaTypes: Readonly<Record<string, string>> = {
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json'
}

/**
 * Opens a partner's file. With `kolommen` only the columns named there are sent, under the names of the hub and with the
 * fixed values. Throws an Error for what cannot be sent, such as a spreadsheet or a column that is missing.
 */
export async function openSource(file: string, kolommen: Kolommen | undefined): Promise<Source> {
  const charset = await recogniseCharset(plain(file)).catch(explainGzip)
  const key = `bestand-${await hashFile(file)}`
  const extension = file.replace(/\.gz$/, '').split('.').at(-1)!.toLowerCase()
  const mediaType = mediaTypes[extension]
  if (kolommen !== undefined) {
    if (mediaType !== undefined) throw new Error('--kolommen is er alleen voor CSV.')
    return translated(file, charset, key, kolommen)
  }
  const asItIs = {
    key,
    charset,
    isGzip: file.endsWith('.gz'),
    open: (onProgress: OnProgress) => readShowing(file, onProgress),
    nameOf: (column: string) => column
  }
  if (mediaType !== undefined) return { ...asItIs, mediaType }
  const isKnown = (name: string) => columnNamed(name) !== undefined
  const rows = () => numbered(rowsOf(plain(file), charset, isKnown), false)
  return { ...asItIs, mediaType: `text/csv; charset=${charset}`, rows }
}

function explainGzip(error: Error & { code?: string }): never {
  if (!/^Z_/.test(error.code ?? '')) throw error
  throw new Error('Dit .gz-bestand is niet heel, of geen gzip; pak het opnieuw in.')
}

async function translated(file: string, charset: Charset, key: string, kolommen: Kolommen): Promise<Source> {
  const ownRows = (bytes: AsyncIterable<Buffer>) =>
    rowsOf(bytes, charset, (name) => kolommen.own.has(foldName(name)))
  const cells = await headerOf(ownRows(plain(file)))
  requireColumns(kolommen, cells)
  const own = cells.map((name) => kolommen.own.get(foldName(name)))
  return {
    key: `${key}-${createHash('sha256').update(kolommen.text).digest('hex').slice(0, 16)}`,
    mediaType: 'text/csv',
    isGzip: true,
    charset,
    open: (onProgress) =>
      through(translateRows(ownRows(plain(file, onProgress)), own, kolommen.fixed), createGzip()),
    rows: () => numbered(ownRows(plain(file)), true),
    nameOf: (column) => cells.find((_, index) => own[index] && pathOf(own[index]) === column) ?? column
  }
}

async function headerOf(rows: AsyncIterable<Row>): Promise<readonly string[]> {
  for await (const row of rows) return 'cells' in row ? row.cells : []
  return []
}

function requireColumns({ own, names }: Kolommen, cells: readonly string[]): void {
  const present = new Set(cells.map(foldName))
  const missing = names.filter((name) => !present.has(foldName(name)))
  if (missing.length > 0) {
    throw new Error(`Deze kolommen staan niet in het bestand:\n- ${missing.join('\n- ')}`)
  }
  if (own.size === 0) throw new Error('kolommen.json noemt geen enkele kolom van het bestand.')
}

// A translated file has one line per row; else a row has the number of its first line.
async function* numbered(
  rows: AsyncIterable<Row>,
  isTranslated: boolean
): AsyncGenerator<SourceRow, undefined> {
  let count = 0
  for await (const row of rows) {
    count += 1
    yield { sentAs: isTranslated ? count : row.regel, row }
  }
}

async function* rowsOf(
  bytes: AsyncIterable<Buffer>,
  charset: Charset,
  isKnown: (name: string) => boolean
): AsyncGenerator<Row> {
  const text = readCsvBytes(bytes, charset === 'utf-16' ? undefined : charset)
  for await (const rows of readRows(text, isKnown)) yield* rows
}

function plain(file: string, onProgress: OnProgress = () => undefined): AsyncIterable<Buffer> {
  const bytes = readShowing(file, onProgress)
  return file.endsWith('.gz') ? through(bytes, createGunzip()) : bytes
}

function through(input: AsyncIterable<Buffer | string>, output: Transform): AsyncIterable<Buffer> {
  // An error ends the output with it, and so comes to who reads that.
  return pipeline(Readable.from(input), output, () => undefined)
}

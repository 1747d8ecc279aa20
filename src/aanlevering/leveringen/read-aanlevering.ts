import type { AangeleverdSignaal } from '../../begrippen/vroegsignaal.ts'
import { JsonFault, parseJson } from '../../platform/http/parse-json.ts'
import { bodyFault, type Fault, invalid, Problem } from '../../platform/http/problem.ts'
import { checkVroegsignaal } from '../../vroegsignalen/check-vroegsignaal.ts'
import { type CsvRecord, readCsv } from './read-csv.ts'
import { readJsonArray } from './read-json-array.ts'
import { maxPieceBytes, type Piece, readLines } from './read-lines.ts'

/** A line of a delivery: a signal ready to be weighed, or everything that is wrong with it. */
export type Regel = { readonly regel: number; readonly referentie?: string } & (
  | { readonly signaal: AangeleverdSignaal }
  | { readonly faults: readonly Fault[] }
)

/** The forms of a delivery. */
export type Aanleveringsvorm = 'ndjson' | 'csv' | 'json'

/** Maximum number of signals in one delivery. */
export const maxLines = 250_000

/**
 * Reads the lines of a delivery, several at a time, in bounded memory. Each line is checked on its own.
 * Throws te-groot above `maxLines`, ongeldige-invoer when the body as a whole is malformed or has no lines.
 */
export async function* readAanlevering(
  input: AsyncIterable<Buffer>,
  vorm: Aanleveringsvorm
): AsyncGenerator<Regel[]> {
  let count = 0
  for await (const lines of readAs(input, vorm)) {
    count += lines.length
    if (count > maxLines) {
      throw new Problem('te-groot', { detail: `Een aanlevering heeft hoogstens ${maxLines} signalen.` })
    }
    yield lines
  }
  if (count === 0) {
    const detail = 'De aanlevering bevat geen signalen.'
    throw invalid([bodyFault('', 'minItems', detail)])
  }
}

async function* readAs(input: AsyncIterable<Buffer>, vorm: Aanleveringsvorm): AsyncGenerator<Regel[]> {
  if (vorm === 'csv') {
    for await (const records of readCsv(input)) yield records.map(readRecord)
  } else {
    const read = vorm === 'json' ? readJsonArray(input) : readLines(input)
    for await (const pieces of read) yield pieces.map(readPiece)
  }
}

function readRecord(record: CsvRecord): Regel {
  return 'faults' in record ? record : checkLine(record.regel, record.value)
}

function readPiece(piece: Piece): Regel {
  const { regel } = piece
  if ('tooLong' in piece) {
    return { regel, faults: [wholeLine('maxLength', `De regel is langer dan ${maxPieceBytes} bytes.`)] }
  }
  try {
    return checkLine(regel, parseJson(piece.bytes))
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    return { regel, faults: [wholeLine('json', cause.message.replace('De body', 'De regel'))] }
  }
}

function checkLine(regel: number, value: unknown): Regel {
  const checked = checkVroegsignaal(value)
  if ('signaal' in checked) return { regel, referentie: checked.signaal.referentie, signaal: checked.signaal }
  return { regel, ...checked }
}

function wholeLine(code: string, detail: string): Fault {
  return bodyFault('', code, detail)
}

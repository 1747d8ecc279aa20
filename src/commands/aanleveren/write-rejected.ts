import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvRow, plainCsvRow } from '../../platform/http/csv-row.ts'
import type { Source, SourceRow } from './open-source.ts'
import type { AfgewezenRegel } from './send-aanlevering.ts'

/** Why lines were rejected: for each reason the number of lines, most lines first. */
export type Reasons = readonly { readonly text: string; readonly aantal: number }[]

const utf8Mark = '\uFEFF'
const columns = ['regel', 'referentie', 'veld', 'code', 'uitleg', 'grondslag']

/**
 * Writes rejected lines to a CSV. Those of a CSV are the partner's own rows, with the reasons in a first column without a
 * name: the hub passes over that, so that the file can be mended and sent as it is. Those of JSON are a row per reason.
 * Returns the reasons.
 */
export async function writeRejected(
  path: string,
  { rows, nameOf }: Source,
  lines: AsyncIterable<AfgewezenRegel>
): Promise<Reasons> {
  const counts = new Map<string, { text: string; aantal: number }>()
  const count = ({ errors }: AfgewezenRegel) => {
    for (const fault of errors) {
      const name = `${fault.location} ${fault.code}`
      const reason = counts.get(name) ?? { text: sayFault(fault, nameOf), aantal: 0 }
      counts.set(name, { ...reason, aantal: reason.aantal + 1 })
    }
  }
  const text = rows === undefined ? perReason(lines, count) : ownRows(rows(), lines, nameOf, count)
  await pipeline(Readable.from(text), createWriteStream(path))
  return [...counts.values()].sort((a, b) => b.aantal - a.aantal)
}

async function* perReason(
  lines: AsyncIterable<AfgewezenRegel>,
  count: (line: AfgewezenRegel) => void
): AsyncGenerator<string> {
  yield `${utf8Mark}${columns.join(';')}\r\n`
  for await (const line of lines) {
    count(line)
    const { regel, referentie = '', errors } = line
    for (const { location, code, detail, grondslag = '' } of errors) {
      yield csvRow([String(regel), referentie, location, code, detail, grondslag])
    }
  }
}

// Rows and lines come in the same order. The cells stay as they were: an apostrophe before one would be sent with it.
async function* ownRows(
  rows: AsyncGenerator<SourceRow, undefined>,
  lines: AsyncIterable<AfgewezenRegel>,
  nameOf: Source['nameOf'],
  count: (line: AfgewezenRegel) => void
): AsyncGenerator<string> {
  const header = await rows.next()
  yield `${utf8Mark}${plainCsvRow(['', ...cellsOf(header.value)])}`
  let { value } = await rows.next()
  for await (const line of lines) {
    while (value !== undefined && value.sentAs < line.regel) ({ value } = await rows.next())
    const told = value !== undefined && 'fault' in value.row ? { ...line, errors: [value.row.fault] } : line
    count(told)
    const reasons = told.errors.map((one) => sayFault(one, nameOf)).join(' | ')
    yield plainCsvRow([`Regel ${value?.row.regel ?? line.regel}: ${reasons}`, ...cellsOf(value)])
  }
}

function cellsOf(value: SourceRow | undefined): readonly string[] {
  return value !== undefined && 'cells' in value.row ? value.row.cells : []
}

function sayFault(
  { location, detail, grondslag }: AfgewezenRegel['errors'][number],
  nameOf: Source['nameOf']
): string {
  const column = location.slice(1).replaceAll('/', '.')
  const text = detail.replace(/^Kolom \S+: /, '')
  return `${column && `${nameOf(column)}: `}${text}${grondslag ? ` (${grondslag})` : ''}`
}

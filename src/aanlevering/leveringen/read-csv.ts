import { bodyFault, type Fault, invalid } from '../../platform/http/problem.ts'
import { type CellFault, type CsvColumn, columnNamed, pathOf, rowToSignal } from './csv-columns.ts'
import { tidyCell } from './read-cell.ts'
import { type Row, readRows } from './read-rows.ts'

/** A record of a CSV delivery: its line number, and the signal or the reasons why it could not be read. */
export type CsvRecord =
  | { readonly regel: number; readonly value: unknown }
  | { readonly regel: number; readonly referentie?: string; readonly faults: Fault[] }

type Columns = readonly (CsvColumn | undefined)[]

/**
 * Reads the records of a CSV delivery as `readRows` reads its rows. Throws ongeldige-invoer for unknown or repeated
 * columns in the header line, naming them by position.
 */
export async function* readCsv(input: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  let columns: Columns | undefined
  for await (const rows of readRows(input, (name) => columnNamed(name) !== undefined)) {
    const records = columns === undefined ? rows.slice(1) : rows
    columns ??= readHeader(rows[0]!)
    if (records.length > 0) yield records.map(toRecord(columns))
  }
  if (columns === undefined) throw invalid([lineFault('required', 'De kopregel ontbreekt.')])
}

function toRecord(columns: Columns): (row: Row) => CsvRecord {
  return (row) =>
    'fault' in row ? { regel: row.regel, faults: [row.fault] } : readRecord(columns, row.cells, row.regel)
}

function readRecord(columns: Columns, cells: readonly string[], regel: number): CsvRecord {
  const referentie = tidyCell(cells[columns.indexOf('referentie')] ?? '')
  const named = { regel, ...(referentie && isReadable(referentie) && { referentie }) }
  if (cells.slice(columns.length).some((cell) => tidyCell(cell) !== '')) {
    return { ...named, faults: [lineFault('maxItems', 'De regel heeft meer cellen dan de kopregel.')] }
  }
  const { signal, faults } = rowToSignal(columns, cells)
  const amounts = [columns.indexOf('achterstand.bedrag'), columns.indexOf('achterstand.bedragInCenten')]
  if (amounts.every((index) => tidyCell(cells[index] ?? '') !== '')) {
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

function readHeader(row: Row): Columns {
  if ('fault' in row) throw invalid([row.fault])
  const columns = row.cells.map(columnNamed)
  const errors = row.cells.flatMap((name, index): Fault[] => {
    const fault = (code: string, detail: string): Fault[] => [
      { in: 'body', location: `/1/${index + 1}`, code, detail }
    ]
    if (tidyCell(name) === '') return []
    if (columns[index] === undefined) {
      return fault('unknownParam', `Kolom ${index + 1} is onbekend; zie GET /v1/aanleveringen/csv-sjabloon.`)
    }
    return columns.indexOf(columns[index]) < index
      ? fault('unique', `Kolom ${index + 1} komt vaker voor.`)
      : []
  })
  if (errors.length > 0) throw invalid(errors.slice(0, 100))
  return columns
}

function lineFault(code: string, detail: string): Fault {
  return bodyFault('', code, detail)
}

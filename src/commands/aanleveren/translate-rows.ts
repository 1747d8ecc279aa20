import type { CsvColumn } from '../../aanlevering/leveringen/csv-columns.ts'
import type { Row } from '../../aanlevering/leveringen/read-rows.ts'
import { plainCsvRow } from '../../platform/http/csv-row.ts'

/**
 * Writes a partner's rows, the header first, as lines of a CSV in the columns of the hub, one line per row. `own` is what
 * each of the partner's columns means; one that means nothing is left out.
 */
export async function* translateRows(
  rows: AsyncIterable<Row>,
  own: readonly (CsvColumn | undefined)[],
  fixed: ReadonlyMap<CsvColumn, string>
): AsyncGenerator<string> {
  const columns = [...new Set(own.filter((column) => column !== undefined))]
  let isHeader = true
  for await (const row of rows) {
    if (isHeader) yield oneLine([...columns, ...fixed.keys()])
    else
      yield oneLine(
        'fault' in row
          ? unreadable(columns.length + fixed.size)
          : [...columns.map((column) => cellOf(row.cells, own, column)), ...fixed.values()]
      )
    isHeader = false
  }
}

// The day and the channel of one contact.
const partners: Partial<Record<CsvColumn, CsvColumn>> = {
  'socialeIncasso.persoonlijkContact.datum': 'socialeIncasso.persoonlijkContact.kanaal',
  'socialeIncasso.persoonlijkContact.kanaal': 'socialeIncasso.persoonlijkContact.datum'
}

// Several columns with the days or channels of one list are one cell. A contact of which one half is empty keeps its place,
// so that the other half never meets that of another contact.
function cellOf(
  cells: readonly string[],
  own: readonly (CsvColumn | undefined)[],
  column: CsvColumn
): string {
  const valuesOf = (name: CsvColumn | undefined) =>
    own.flatMap((one, index) => (one !== undefined && one === name ? (cells[index] ?? '').trim() : []))
  const beside = valuesOf(partners[column])
  return valuesOf(column)
    .filter((value, place) => value !== '' || beside[place])
    .join('|')
}

// Refused by the hub, so that the row is counted; its own fault is shown in its place.
function unreadable(length: number): string[] {
  return [...Array.from({ length }, () => ''), 'onleesbaar']
}

// One line per row, so that the number of a row is the number of its line.
function oneLine(cells: readonly string[]): string {
  return plainCsvRow(cells.map((cell) => cell.replace(/[\r\n]+/g, ' ')))
}

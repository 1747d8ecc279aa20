import type { CsvColumn } from '../../aanlevering/leveringen/csv-columns.ts'
import type { Row } from '../../aanlevering/leveringen/read-rows.ts'

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
    if (isHeader) yield csvLine([...columns, ...fixed.keys()])
    else
      yield csvLine(
        'fault' in row
          ? unreadable(columns.length + fixed.size)
          : [...columns.map((column) => cellOf(row.cells, own, column)), ...fixed.values()]
      )
    isHeader = false
  }
}

// Several columns with the days or channels of one list are one cell.
function cellOf(
  cells: readonly string[],
  own: readonly (CsvColumn | undefined)[],
  column: CsvColumn
): string {
  const values = own.flatMap((one, index) => (one === column ? (cells[index] ?? '').trim() : []))
  return values.filter((value) => value !== '').join('|')
}

// Refused by the hub, so that the row is counted; its own fault is shown in its place.
function unreadable(length: number): string[] {
  return [...Array.from({ length }, () => ''), 'onleesbaar']
}

// One line per row, so that the number of a row is the number of its line.
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replace(/[\r\n]+/g, ' ').replaceAll('"', '""')}"`).join(';')}\n`
}

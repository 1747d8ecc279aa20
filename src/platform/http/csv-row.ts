/**
 * One line of a CSV with semicolons. Every cell is quoted, and an apostrophe keeps text from being read as a formula.
 */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(cell).join(';')}\r\n`
}

function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}

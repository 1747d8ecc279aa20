/**
 * One line of a CSV with semicolons. Every cell is quoted, and an apostrophe keeps text from being read as a formula.
 */
export function csvRow(cells: readonly string[]): string {
  return plainCsvRow(cells.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)))
}

/** The same without the apostrophe: for who gets his own text back, or for a program. */
export function plainCsvRow(cells: readonly string[]): string {
  return `${cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(';')}\r\n`
}

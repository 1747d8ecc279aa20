type Cell = string | number

/** Prints rows under a header, with numbers aligned to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length))
  )
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^[\d.,%€() ]*$/.test(String(row[column] ?? '')))
  )
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, column) => {
        const text = String(cell)
        return isNumeric[column] ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)
      })
      .join('  ')
      .trimEnd()
  console.log(`\n  ${line(header)}`)
  console.log(`  ${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const row of rows) console.log(`  ${line(row)}`)
  console.log('')
}

/** Splits a text between words, into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart()
    if (longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** A share of the whole, in whole percents. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${Math.round((100 * part) / whole)}%`
}

/** An amount in cents as euros. */
export function euros(cents: number): string {
  const [whole, part] = (cents / 100).toFixed(2).split('.')
  return `€ ${whole!.replace(/\B(?=(\d{3})+$)/g, '.')},${part}`
}

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { csvRow } from '../../platform/http/csv-row.ts'
import type { AfgewezenRegel } from './send-aanlevering.ts'

const columns = ['regel', 'referentie', 'veld', 'code', 'uitleg', 'grondslag']

/** Writes rejected lines to a CSV, one row per reason; returns the number of lines. */
export async function writeRejected(path: string, lines: AsyncIterable<AfgewezenRegel>): Promise<number> {
  const output = createWriteStream(path)
  output.write(`\uFEFF${columns.join(';')}\r\n`)
  let count = 0
  for await (const { regel, referentie = '', errors } of lines) {
    count += 1
    for (const { location, code, detail, grondslag = '' } of errors) {
      const cells = [String(regel), referentie, location, code, detail, grondslag]
      if (!output.write(csvRow(cells))) await once(output, 'drain')
    }
  }
  output.end()
  await once(output, 'finish')
  return count
}

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { bodyFault, invalid, type Problem } from '../platform/http/problem.ts'
import type { PostcodeInGemeente } from './adresregister-store.ts'

const maxFaults = 100

/**
 * Reads the CBS file of postcodes and municipalities: CSV, separated by `;` or `,`, with a header that names a column
 * starting with `PC6` or `postcode` and one starting with `gemeente`. Returns each pair once.
 * Throws ongeldige-invoer naming the wrong lines by number, at most 100.
 */
export async function readAdresregister(input: Readable): Promise<PostcodeInGemeente[]> {
  const pairs = new Map<string, PostcodeInGemeente>()
  const faults: string[] = []
  let columns: Columns | undefined
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (columns === undefined) columns = readHeader(line)
    else if (line.trim() !== '') {
      const pair = readLine(line, columns)
      if (pair !== undefined) pairs.set(`${pair.postcode}${pair.gemeentecode}`, pair)
      else if (faults.push(`/${number}`) >= maxFaults) break
    }
  }
  if (columns === undefined) throw wrongAt([''], 'Het bestand is leeg.')
  if (faults.length > 0) throw wrongAt(faults, 'Deze regel heeft geen geldige postcode en gemeentecode.')
  return [...pairs.values()]
}

type Columns = { separator: string; postcode: number; gemeente: number }

function readHeader(line: string): Columns {
  const separator = line.includes(';') ? ';' : ','
  const names = cells(line.replace(/^\uFEFF/, ''), separator).map((name) => name.toLowerCase())
  const postcode = names.findIndex((name) => name.startsWith('pc6') || name.startsWith('postcode'))
  const gemeente = names.findIndex((name) => name.startsWith('gemeente'))
  if (postcode < 0 || gemeente < 0) throw wrongAt(['/1'], 'De kopregel mist een kolom PC6 of gemeente.')
  return { separator, postcode, gemeente }
}

function readLine(line: string, { separator, postcode, gemeente }: Columns): PostcodeInGemeente | undefined {
  const values = cells(line, separator)
  const pair = {
    postcode: (values[postcode] ?? '').replace(' ', '').toUpperCase(),
    gemeentecode: (values[gemeente] ?? '').replace(/^GM/, '').padStart(4, '0')
  }
  return /^[1-9][0-9]{3}[A-Z]{2}$/.test(pair.postcode) && /^[0-9]{4}$/.test(pair.gemeentecode)
    ? pair
    : undefined
}

function cells(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function wrongAt(locations: readonly string[], detail: string): Problem {
  return invalid(locations.map((location) => bodyFault(location, 'pattern', detail)))
}

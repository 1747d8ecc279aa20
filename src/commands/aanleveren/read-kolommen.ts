import { readFile } from 'node:fs/promises'
import {
  type CsvColumn,
  columnNamed,
  csvColumns,
  foldName
} from '../../aanlevering/leveringen/csv-columns.ts'

/** What a partner's own columns mean, and the values that are the same on every row. */
export type Kolommen = {
  /** By the partner's name of a column, without case and spaces. */
  readonly own: ReadonlyMap<string, CsvColumn>
  /** The partner's names as they were written. */
  readonly names: readonly string[]
  readonly fixed: ReadonlyMap<CsvColumn, string>
  /** The text of the file, which belongs to what is delivered. */
  readonly text: string
}

const shape = `{
  "kolommen": { "Huurdernummer": "klantnummer", "Naam": "betrokkene.naam.geslachtsnaam" },
  "vast": { "soort": "vroegsignaal", "sector": "huur" }
}`

/** Reads `kolommen.json`; throws one Error with everything that is wrong in it. */
export async function readKolommen(path: string): Promise<Kolommen> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${path} is niet te lezen.`)
  })
  const { kolommen = {}, vast = {} } = parse(text, path)
  const faults: string[] = []
  const column = (name: unknown): CsvColumn[] => {
    const found = typeof name === 'string' ? columnNamed(name) : undefined
    if (found === undefined) faults.push(`${JSON.stringify(name)} is geen kolom van de hub`)
    return found === undefined ? [] : [found]
  }
  const own = new Map(
    Object.entries(kolommen).flatMap(([name, target]) => column(target).map((to) => [foldName(name), to]))
  )
  const fixed = new Map(
    Object.entries(vast).flatMap(([target, value]) => column(target).map((to) => [to, String(value)]))
  )
  const mapped = [...own.values()]
  for (const to of new Set(mapped)) {
    if (fixed.has(to)) faults.push(`${to} staat in "kolommen" en in "vast"`)
    const isList = ['dates', 'codes'].includes(csvColumns[to])
    if (!isList && mapped.filter((one) => one === to).length > 1) faults.push(`${to} wordt tweemaal gevuld`)
  }
  if (faults.length > 0) {
    const known = Object.keys(csvColumns).join(', ')
    throw new Error(`${path}:\n- ${faults.join('\n- ')}\nDe kolommen van de hub: ${known}`)
  }
  return { own, names: Object.keys(kolommen), fixed, text }
}

function parse(text: string, path: string): { kolommen?: object; vast?: object } {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, ''))
    const keys = Object.keys(value)
    const isRight =
      isObject(value) && keys.length > 0 && keys.every((key) => ['kolommen', 'vast'].includes(key))
    if (isRight && keys.every((key) => isObject(value[key]))) return value
  } catch {
    // Said below.
  }
  throw new Error(`${path} moet er zo uitzien:\n${shape}`)
}

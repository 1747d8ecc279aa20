import { printTable } from '../../demo/print-table.ts'
import { write } from '../figure.ts'

/** Counts what went wrong by kind, with the first example of each. */
export type Tally = {
  add(kind: readonly string[], example: () => string): void
  /** Prints the kinds under these headings, the most frequent first. */
  print(title: string, headings: readonly string[]): void
}

/** Opens an empty count. */
export function openTally(): Tally {
  const kinds = new Map<string, { kind: readonly string[]; count: number; example: string }>()
  return {
    add(kind, example) {
      const key = kind.join('|')
      const known = kinds.get(key)
      if (known === undefined) kinds.set(key, { kind, count: 1, example: example() })
      else known.count += 1
    },
    print(title, headings) {
      if (kinds.size === 0) return console.log(`\n  ${title}: geen.`)
      console.log(`\n  ${title}:`)
      const sorted = [...kinds.values()].sort((a, b) => b.count - a.count)
      printTable(
        ['aantal', ...headings, 'voorbeeld (verzonnen)'],
        sorted.map(({ kind, count, example }) => [write(count), ...kind, example])
      )
    }
  }
}

import type { Dagtaak, Due } from './due-store.ts'

/** What one transaction destroys. */
export type Batch = {
  readonly handler: Dagtaak
  readonly gemeentecodes: readonly string[]
  readonly due: readonly Due[]
}

/**
 * How many rows a transaction destroys at most: so few that intake beside it does not notice, so many that a night of
 * the whole country is some ten batches.
 */
export const batchSize = 1000

// The households of all of these stay locked during a batch.
const gemeentenAtOnce = 50

/**
 * Cuts what is due, in order of municipality, into batches. What is more than a batch by itself, such as a day of a big
 * city, is alone in its batch, which then takes several transactions.
 */
export function planBatches(due: readonly Due[]): Batch[] {
  return [...Map.groupBy(due, ({ handler }) => handler)].flatMap(([handler, ofOne]) =>
    cut(ofOne).map((batch) => ({
      handler,
      gemeentecodes: [...new Set(batch.map(({ gemeentecode }) => gemeentecode))],
      due: batch
    }))
  )
}

function cut(due: readonly Due[]): Due[][] {
  const batches: Due[][] = []
  let rows = Number.POSITIVE_INFINITY
  let gemeenten = 0
  let last: string | undefined
  for (const one of due) {
    const isOther = one.gemeentecode !== last
    rows += one.aantal
    gemeenten += isOther ? 1 : 0
    if (rows > batchSize || gemeenten > gemeentenAtOnce) {
      batches.push([])
      rows = one.aantal
      gemeenten = 1
    }
    batches.at(-1)!.push(one)
    last = one.gemeentecode
  }
  return batches
}

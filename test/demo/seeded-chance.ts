/** A source of random values. The same seed gives the same sequence. */
export type Chance = {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  pick<Value>(values: readonly Value[]): Value
  /** True in `share` percent of the cases. */
  isHit(share: number): boolean
  /** Returns `count` keys in exact proportion to their weights, in random order. */
  deal<Key extends string>(count: number, weights: Readonly<Record<Key, number>>): Key[]
}

/** Opens a repeatable source. Do not use it for secrets. */
export function seededChance(seed: number): Chance {
  const next = mulberry32(seed)
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    pick: (values) => values[int(0, values.length - 1)]!,
    isHit: (share) => next() * 100 < share,
    deal: (count, weights) => shuffle(proportional(count, weights), int)
  }
}

/** The mulberry32 generator: small, fast and evenly spread. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function proportional<Key extends string>(count: number, weights: Readonly<Record<Key, number>>): Key[] {
  const entries = Object.entries(weights) as [Key, number][]
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
  let passed = 0
  const ends = entries.map(([key, weight]) => {
    passed += weight
    return { key, end: passed / total }
  })
  return Array.from({ length: count }, (_, card) => {
    const place = (card + 0.5) / count
    return (ends.find(({ end }) => place < end) ?? ends.at(-1)!).key
  })
}

function shuffle<Value>(values: Value[], int: Chance['int']): Value[] {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = int(0, last)
    const moved = values[last]!
    values[last] = values[other]!
    values[other] = moved
  }
  return values
}

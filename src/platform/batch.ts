/** What became of one item of a batch. */
export type Settled<Result> = { readonly value: Result } | { readonly error: unknown }

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (value: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Carries out calls together: while at most `inFlight` batches run, what comes in waits, and the next batch takes all
 * of one group that has queued, up to `maxBatch`. A lone call runs at once. When a whole batch fails its items are
 * tried one by one, so that one bad item never fails its neighbours.
 */
export function openBatcher<Item, Result>(options: {
  inFlight: number
  maxBatch: number
  groupOf: (item: Item) => string
  run: (items: readonly Item[]) => Promise<readonly Settled<Result>[]>
}): (item: Item) => Promise<Result> {
  const { inFlight, maxBatch, groupOf, run } = options
  const queues = new Map<string, Waiting<Item, Result>[]>()
  let running = 0

  const takeBatch = (): Waiting<Item, Result>[] => {
    const [oldest] = queues
    if (oldest === undefined) return []
    const [group, queue] = oldest
    queues.delete(group)
    const rest = queue.slice(maxBatch)
    // Behind the other groups, so that a busy one does not starve them.
    if (rest.length > 0) queues.set(group, rest)
    return queue.slice(0, maxBatch)
  }

  const settle = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const settled = await run(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, index) => {
        const one = settled[index]!
        if ('error' in one) reject(one.error)
        else resolve(one.value)
      })
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error)
      else for (const one of batch) await settle([one])
    }
  }

  const pump = async (): Promise<void> => {
    running += 1
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await settle(batch)
    running -= 1
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const group = groupOf(item)
      const queue = queues.get(group) ?? []
      queue.push({ item, resolve, reject })
      queues.set(group, queue)
      if (running < inFlight) void pump()
    })
}

/** The result of one item of a batch. */
export type Settled<Result> = { readonly value: Result } | { readonly error: unknown }

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (value: Result) => void
  readonly reject: (error: unknown) => void
}

type Queue<Item, Result> = { readonly waiting: Waiting<Item, Result>[]; running: number }

/**
 * Runs calls in batches. While as many batches of a group run as may, new calls of that group wait; the next batch takes
 * all of them, up to `maxBatch`. A lone call runs at once, and groups do not wait for each other.
 * When a batch fails as a whole its items are retried one by one, so that one bad item never fails another, unless
 * `isShared` says that the failure concerns all of them.
 */
export function openBatcher<Item, Result>(options: {
  maxBatch: number
  /** How many batches of a group may run at the same time; 1 by default. */
  atOnce?: number
  groupOf: (item: Item) => string
  isShared: (error: unknown) => boolean
  run: (items: readonly Item[]) => Promise<readonly Settled<Result>[]>
}): (item: Item) => Promise<Result> {
  const { maxBatch, atOnce = 1, groupOf, isShared, run } = options
  // Only groups with a batch running are in here.
  const queues = new Map<string, Queue<Item, Result>>()

  const settle = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const settled = await run(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, index) => {
        const one = settled[index]!
        if ('error' in one) reject(one.error)
        else resolve(one.value)
      })
    } catch (error) {
      if (batch.length === 1 || isShared(error)) for (const { reject } of batch) reject(error)
      else for (const one of batch) await settle([one])
    }
  }

  const pump = async (name: string, queue: Queue<Item, Result>): Promise<void> => {
    queue.running += 1
    while (queue.waiting.length > 0) await settle(queue.waiting.splice(0, maxBatch))
    queue.running -= 1
    if (queue.running === 0) queues.delete(name)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const name = groupOf(item)
      const queue = queues.get(name) ?? { waiting: [], running: 0 }
      queues.set(name, queue)
      queue.waiting.push({ item, resolve, reject })
      if (queue.running < atOnce) void pump(name, queue)
    })
}

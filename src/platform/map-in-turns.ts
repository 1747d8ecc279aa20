import { setImmediate as yieldToOthers } from 'node:timers/promises'

const itemsPerTurn = 100

/** Maps items in order and gives the event loop a turn after every 100, so that small requests stay quick. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Result
): Promise<Result[]> {
  const results: Result[] = []
  for (const [index, item] of items.entries()) {
    if (index % itemsPerTurn === itemsPerTurn - 1) await yieldToOthers()
    results.push(map(item, index))
  }
  return results
}

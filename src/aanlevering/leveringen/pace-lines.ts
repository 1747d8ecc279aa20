import { setTimeout as sleep } from 'node:timers/promises'
import { later, type Problem } from '../../platform/http/problem.ts'

/**
 * Passes lines on and gives up on a slow sender, because a delivery holds a transaction and a place.
 * Throws tijdelijk-niet-beschikbaar when no line comes within `milliseconds`.
 */
export async function* paceLines<Line>(
  lines: AsyncIterable<Line>,
  milliseconds: number
): AsyncGenerator<Line> {
  const iterator = lines[Symbol.asyncIterator]()
  try {
    for (let next = await within(iterator.next(), milliseconds); !next.done; ) {
      yield next.value
      next = await within(iterator.next(), milliseconds)
    }
  } finally {
    // Not awaited, because it would wait for a slow sender as well.
    void iterator.return?.().catch(() => undefined)
  }
}

/** Passes items on, and yields `undefined` when the next one has not come within `milliseconds`. */
export async function* withPauses<Item>(
  items: AsyncIterable<Item>,
  milliseconds: number
): AsyncGenerator<Item | undefined> {
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = iterator.next()
      if (await Promise.race([next.then(() => false), sleep(milliseconds, true)])) yield undefined
      const { done, value } = await next
      if (done) return
      yield value
    }
  } finally {
    void iterator.return?.().catch(() => undefined)
  }
}

async function within<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function tooSlow(): Problem {
  return later(10, 'De aanlevering kwam te langzaam binnen; er is niets opgenomen. Lever opnieuw aan.')
}

/** Waits for the first line and returns all lines, that one included. */
export async function afterFirst<Line>(lines: AsyncIterable<Line>): Promise<AsyncIterable<Line>> {
  const iterator = lines[Symbol.asyncIterator]()
  const first = await iterator.next()
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
}

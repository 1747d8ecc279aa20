import { setTimeout as sleep } from 'node:timers/promises'
import { later, type Problem } from '../../platform/http/problem.ts'

/**
 * Passes lines on and gives up on a slow sender, because a delivery holds a transaction and a place.
 * Throws tijdelijk-niet-beschikbaar when no line comes within `milliseconds`, and when the hub is ending.
 */
export async function* paceLines<Line>(
  lines: AsyncIterable<Line>,
  milliseconds: number,
  ending: AbortSignal
): AsyncGenerator<Line> {
  const iterator = lines[Symbol.asyncIterator]()
  try {
    for (let next = await within(iterator.next(), milliseconds, ending); !next.done; ) {
      yield next.value
      next = await within(iterator.next(), milliseconds, ending)
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

async function within<Result>(
  work: Promise<Result>,
  milliseconds: number,
  ending: AbortSignal
): Promise<Result> {
  if (ending.aborted) throw stopped()
  const { promise: refused, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooSlow()), milliseconds)
  const stop = () => reject(stopped())
  ending.addEventListener('abort', stop)
  try {
    return await Promise.race([work, refused])
  } finally {
    clearTimeout(timer)
    ending.removeEventListener('abort', stop)
  }
}

function stopped(): Problem {
  return later(
    5,
    'De hub wordt gestopt; van deze aanlevering is niets opgenomen. Stuur haar opnieuw, met dezelfde Idempotency-Key.'
  )
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

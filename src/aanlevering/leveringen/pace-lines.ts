import { setTimeout as sleep } from 'node:timers/promises'
import { later, type Problem } from '../../platform/http/problem.ts'

/** How slow a sender may be: milliseconds without a line, and lines per second once it was waited for that long in all. */
export type Pace = { readonly pause: number; readonly grace: number; readonly linesPerSecond: number }

/**
 * Passes lines on, several at a time, and gives up on a slow sender, because a delivery holds a transaction and one of few
 * places. Throws tijdelijk-niet-beschikbaar when no line comes within the longest pause, when they trickle in below the
 * pace, and when the hub is ending.
 */
export async function* paceLines<Line>(
  lines: AsyncIterable<readonly Line[]>,
  { pause, grace, linesPerSecond }: Pace,
  ending: AbortSignal
): AsyncGenerator<readonly Line[]> {
  const iterator = lines[Symbol.asyncIterator]()
  let waited = 0
  let passed = 0
  try {
    for (;;) {
      const asked = performance.now()
      const next = await within(iterator.next(), pause, ending)
      waited += performance.now() - asked
      if (next.done) return
      passed += next.value.length
      if (waited > grace && passed < (waited / 1000) * linesPerSecond) throw tooSlow()
      yield next.value
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

import { keepFresh } from './keep-fresh.ts'
import type { Reading } from './open-metrics.ts'
import { readWithin } from './read-within.ts'

/** Whether a hub can serve, and whether its rows and keys belong together; undefined where that cannot be known now. */
export type Standing = { readonly isServing: boolean; readonly isInStep?: boolean }

// Milliseconds.
const freshFor = 5_000
const longestWait = 2_500

/** Reads how a hub stands, for the metrics, as `/health/ready` finds it; at most once in five seconds. */
export function openStandingReadings(standing: () => Promise<Standing>): () => Promise<readonly Reading[]> {
  return keepFresh(freshFor, async () => {
    const { isServing, isInStep } = (await readWithin(longestWait, standing())) ?? { isServing: false }
    return [
      { name: 'signaalhub_ready', help: '1 when /health/ready answers 200.', value: Number(isServing) },
      ...(isInStep === undefined ? [] : [{ ...inStep, value: Number(isInStep) }])
    ]
  })
}

const inStep = {
  name: 'signaalhub_keys_in_step',
  help: '0 when the key database lacks a key that rows need, or the rows hold what was destroyed: the log says which.'
}

import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { signaalpartnerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { identifyVroegsignaal } from '../../vroegsignalen/identify-vroegsignaal.ts'
import type { TracedVroegsignaal } from '../weigh-round.ts'
import type { Regel } from './read-aanlevering.ts'

/** Lines that are weighed together, and the signals among them, in order. */
export type Slice = { readonly lines: readonly Regel[]; readonly signals: readonly TracedVroegsignaal[] }

/** Lines in a slice. */
const sliceSize = 500
// The event loop gets a turn after this many lines, so that small requests stay quick during a delivery.
const linesPerTurn = 50

/** Divides the lines of a delivery into slices, and identifies the signals among them. */
export async function* slicesOf(
  { keys, caller, traceId }: Handeling,
  lines: AsyncIterable<readonly Regel[]>
): AsyncGenerator<Slice> {
  const signaalpartnerId = signaalpartnerOf(caller)
  const source = { clientId: caller.id, traceId }
  let slice: { lines: Regel[]; signals: TracedVroegsignaal[] } = { lines: [], signals: [] }
  for await (const together of lines) {
    for (const line of together) {
      slice.lines.push(line)
      if ('signaal' in line)
        slice.signals.push({ ...identifyVroegsignaal(keys, signaalpartnerId, line.signaal), ...source })
      if (slice.lines.length % linesPerTurn === 0) await yieldToOthers()
      if (slice.lines.length < sliceSize) continue
      yield slice
      slice = { lines: [], signals: [] }
    }
  }
  if (slice.lines.length > 0) yield slice
}

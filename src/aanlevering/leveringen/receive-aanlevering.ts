import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Handeling } from '../../toegang/handeling.ts'
import { identifyVroegsignaal } from '../../vroegsignalen/identify-vroegsignaal.ts'
import { areApart } from '../rounds.ts'
import type { TracedVroegsignaal } from '../weigh-round.ts'
import { openAanleveringWork, type Slice, type WeighedSlice } from './aanlevering-work.ts'
import { withPauses } from './pace-lines.ts'
import type { Regel } from './read-aanlevering.ts'

/** How many lines go into the database at once. */
const sliceSize = 500
// The event loop gets a turn after this many lines, so that small requests beside a delivery stay quick.
const linesPerTurn = 50
/** Milliseconds that a slice waits for the next one. */
const longestHold = 100

/**
 * Takes in a whole delivery: nothing of it is visible before the transaction commits, all of it after. Each line stands
 * or falls alone. Returns the id of the delivery's report.
 * Throws tijdelijk-niet-beschikbaar when an agreement it used was changed meanwhile: the change wins.
 */
export async function receiveAanlevering(
  handeling: Handeling,
  lines: AsyncIterable<readonly Regel[]>
): Promise<string> {
  const delivery = await openAanleveringWork(handeling)
  let ahead: WeighedSlice | undefined
  let storing: Promise<void> = Promise.resolve()
  for await (const slice of withPauses(slicesOf(handeling, lines), longestHold)) {
    await storing
    if (ahead !== undefined && (slice === undefined || !areApart(ahead.signals, slice.signals))) {
      await delivery.store(ahead)
      ahead = undefined
    }
    if (slice === undefined) continue
    // What this slice is weighed against is asked before the slice ahead of it is stored. So this process weighs and seals
    // while the database stores.
    const weighing = delivery.weigh(slice)
    if (ahead !== undefined) storing = delivery.store(ahead)
    storing.catch(() => undefined)
    ahead = await weighing
  }
  await storing
  if (ahead !== undefined) await delivery.store(ahead)
  return delivery.close()
}

async function* slicesOf(
  { keys, traceId }: Handeling,
  lines: AsyncIterable<readonly Regel[]>
): AsyncGenerator<Slice> {
  let slice: { lines: Regel[]; signals: TracedVroegsignaal[] } = { lines: [], signals: [] }
  for await (const together of lines) {
    for (const line of together) {
      slice.lines.push(line)
      if ('signaal' in line) slice.signals.push({ ...identifyVroegsignaal(keys, line.signaal), traceId })
      if (slice.lines.length % linesPerTurn === 0) await yieldToOthers()
      if (slice.lines.length < sliceSize) continue
      yield slice
      slice = { lines: [], signals: [] }
    }
  }
  if (slice.lines.length > 0) yield slice
}

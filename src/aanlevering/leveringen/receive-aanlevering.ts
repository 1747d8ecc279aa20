import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { signaalpartnerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { identifyVroegsignaal } from '../../vroegsignalen/identify-vroegsignaal.ts'
import { areApart } from '../rounds.ts'
import type { TracedVroegsignaal } from '../weigh-round.ts'
import { openAanleveringWork, type Slice, type WeighedSlice } from './aanlevering-work.ts'
import { withPauses } from './pace-lines.ts'
import type { Regel } from './read-aanlevering.ts'

/** Lines that are stored together. */
const sliceSize = 500
// The event loop gets a turn after this many lines, so that small requests stay quick during a delivery.
const linesPerTurn = 50
/** Milliseconds that a weighed slice waits for the next one before it is stored. */
const longestHold = 100

/**
 * Takes in a whole delivery: none of it is visible before the transaction commits, all of it after. A rejected line
 * does not affect the others. Returns the id of the report. Throws tijdelijk-niet-beschikbaar when an agreement that it
 * used has changed meanwhile.
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
    // The query for weighing is sent before the slice ahead is stored, so that this process weighs and seals while the
    // database stores.
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

import type { Handeling } from '../../toegang/handeling.ts'
import { areApart } from '../rounds.ts'
import { openAanleveringWork, type WeighedSlice } from './aanlevering-work.ts'
import { withPauses } from './pace-lines.ts'
import type { Regel } from './read-aanlevering.ts'
import { slicesOf } from './slices-of.ts'

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

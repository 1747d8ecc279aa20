import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import { conflict } from '../platform/http/problem.ts'
import { logSignals } from '../sporen/log-processing.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { addCounts } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { condemnRow, type TeWijzigenRij, withdrawRow } from '../vroegsignalen/vroegsignaal-store.ts'

/**
 * Withdraws the calling partner's own signal: it leaves every list with the commit. A wrong signal, or one that the
 * resident objected to, is due for the sweeper as well. Throws toestand-staat-dit-niet-toe when it was withdrawn before.
 */
export async function withdrawSignal(
  handeling: Handeling,
  row: TeWijzigenRij,
  reden: Intrekkingsreden
): Promise<void> {
  if (row.status === 'ingetrokken') throw conflict('Het signaal is al ingetrokken.')
  const { tx, caller, now } = handeling
  const { gemeentecode } = row
  const signaalpartnerId = signaalpartnerOf(caller)
  await logSignals(handeling, 'vroegsignaal-intrekken', [row])
  await addCounts(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis: 'intrekking', kenmerk: reden, aantal: 1 }
  ])
  if (intrekkingsredenen[reden].isDestroyed) await condemnRow(tx, row, 'intrekking')
  else await withdrawRow(tx, row)
  // Also before its destruction: until the sweeper comes by, its household must not count what it cannot show.
  await markAddresses(tx, [row])
}

import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import { conflict } from '../platform/http/problem.ts'
import { logVroegsignalen } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { addTellingen } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import {
  condemnVroegsignaal,
  saveIntrekking,
  type TeWijzigenRij
} from '../vroegsignalen/vroegsignaal-store.ts'

/**
 * Withdraws the calling partner's own signal, which leaves every list at the commit. A wrong signal, or one that the
 * resident objected to, is also due for destruction. Throws toestand-staat-dit-niet-toe when it was withdrawn before.
 */
export async function withdrawVroegsignaal(
  handeling: Handeling,
  row: TeWijzigenRij,
  reden: Intrekkingsreden
): Promise<void> {
  if (row.status === 'ingetrokken') throw conflict('Het signaal is al ingetrokken.')
  const { tx, caller, now } = handeling
  const { gemeentecode } = row
  const signaalpartnerId = signaalpartnerOf(caller)
  await logVroegsignalen(handeling, 'vroegsignaal-intrekken', [row])
  await addTellingen(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis: 'intrekking', kenmerk: reden, aantal: 1 }
  ])
  if (intrekkingsredenen[reden].isDestroyed) await condemnVroegsignaal(tx, row, 'intrekking')
  else await saveIntrekking(tx, row)
  // Also when it is destroyed at once: until the sweeper has run, its household must not count a signal it cannot show.
  await markAdressen(tx, [row])
}

import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import type { Ongeldigheidsreden } from '../begrippen/ongeldigheidsreden.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { notFound } from '../platform/http/problem.ts'
import { addGebeurtenissen } from '../sporen/gebeurtenis-store.ts'
import { logVroegsignalen } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { addTellingen } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { hasOpenZaak } from '../vroegsignalen/afhandeling-store.ts'
import { voidMeldbewijzen } from '../vroegsignalen/meldbewijzen/ongeldig-meldbewijs-store.ts'
import {
  condemnVroegsignaal,
  saveIntrekking,
  type TeWijzigenRij
} from '../vroegsignalen/vroegsignaal-store.ts'

/**
 * Withdraws the calling partner's own signal, which leaves every list at the commit and is due for destruction at once.
 * In an open case it waits for the end of that, unless it should not have been there; then its receipt is void as well.
 * Throws niet-gevonden when it was withdrawn before.
 */
export async function withdrawVroegsignaal(
  handeling: Handeling,
  row: TeWijzigenRij,
  reden: Intrekkingsreden
): Promise<void> {
  if (row.status === 'ingetrokken') throw notFound()
  const { tx, keys, caller, now } = handeling
  const { gemeentecode } = row
  const signaalpartnerId = signaalpartnerOf(caller)
  await logVroegsignalen(handeling, 'vroegsignaal-intrekken', [row])
  await addTellingen(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis: 'intrekking', kenmerk: reden, aantal: 1 }
  ])
  if (isOnterecht(reden)) await voidMeldbewijzen(tx, keys, [row.id], reden)
  if (!isOnterecht(reden) && (await isNeeded(tx, row))) await saveIntrekking(tx, row)
  else await condemnVroegsignaal(tx, row, 'intrekking')
  addGebeurtenissen(tx, [
    { gemeentecode, soort: 'nl.vroegsignalering.signaal-ingetrokken', vroegsignaalId: row.id }
  ])
  // Also when it is destroyed at once: until the sweeper has run, its household must not count a signal it cannot show.
  await markAdressen(tx, [row])
}

/** True when a signal withdrawn for this reason should not have been there. */
export function isOnterecht(reden: Intrekkingsreden): reden is Intrekkingsreden & Ongeldigheidsreden {
  return intrekkingsredenen[reden].isOnterecht
}

// The partner may not know of cases, so this is looked up for it.
function isNeeded(tx: Tx, row: TeWijzigenRij): Promise<boolean> {
  return underDuty(tx, 'afhandelaar', () => hasOpenZaak(tx, row), [row.gemeentecode])
}

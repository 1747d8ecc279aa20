import { lockHuishoudens } from '../platform/database/locks.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { markAdressenOfPartner, markAllAdressen } from './markering-store.ts'

/** Marks every household of a municipality, in the transaction that changes how its households are computed. */
export async function markHuishoudensOfGemeente(tx: Tx, gemeentecode: string): Promise<void> {
  await markAsMatcher(tx, [gemeentecode], () => markAllAdressen(tx, gemeentecode))
}

/** Marks the households with a signal of a partner, in the transaction that changes what they show of the partner. */
export async function markHuishoudensOfPartner(
  tx: Tx,
  gemeentecodes: readonly string[],
  signaalpartnerId: string
): Promise<void> {
  await markAsMatcher(tx, gemeentecodes, () => markAdressenOfPartner(tx, gemeentecodes, signaalpartnerId))
}

// The locks are held until the commit: a matcher either commits first, so that its households are marked as well, or
// starts after the commit and sees the change.
async function markAsMatcher(
  tx: Tx,
  gemeentecodes: readonly string[],
  mark: () => Promise<void>
): Promise<void> {
  for (const gemeentecode of gemeentecodes) await lockHuishoudens(tx, gemeentecode)
  await underDuty(tx, 'matcher', mark, gemeentecodes)
}

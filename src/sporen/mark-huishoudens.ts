import { lockHuishoudens } from '../platform/database/locks.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { markAdressenOfPartner, markAllAdressen } from './markering-store.ts'

/** Marks every household of a municipality, in the transaction that changes how they are computed. */
export async function markHuishoudensOfGemeente(tx: Tx, gemeentecode: string): Promise<void> {
  await markAsMatcher(tx, [gemeentecode], () => markAllAdressen(tx, gemeentecode))
}

/** Marks the households with signals of a partner, in the transaction that changes what they show of that partner. */
export async function markHuishoudensOfPartner(
  tx: Tx,
  gemeentecodes: readonly string[],
  signaalpartnerId: string
): Promise<void> {
  await markAsMatcher(tx, gemeentecodes, () => markAdressenOfPartner(tx, gemeentecodes, signaalpartnerId))
}

// The locks last until the commit. A matcher either commits first, and its households are marked too, or starts after
// the commit and sees the change.
async function markAsMatcher(
  tx: Tx,
  gemeentecodes: readonly string[],
  mark: () => Promise<void>
): Promise<void> {
  for (const gemeentecode of gemeentecodes) await lockHuishoudens(tx, gemeentecode)
  await underDuty(tx, 'matcher', mark, gemeentecodes)
}

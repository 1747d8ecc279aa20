import { findGemeente } from '../organisaties/gemeente-store.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import {
  listMarkedGemeenten,
  lockHouseholds,
  markAddressesOfPartner,
  markAllAddresses,
  takeMarks
} from './markering-store.ts'
import { publishExpired, recomputeHouseholds } from './match-store.ts'

// A delivery leaves hundreds of thousands of marks; in pieces nobody waits long for the lock.
const marksAtOnce = 2_000

/**
 * Brings a municipality's households up to date with every committed signal (station 4): consumes its marks and
 * recomputes those addresses as a set. One at a time per municipality; recomputing inside the writers'
 * transactions was measured to lose updates.
 */
export async function matchHouseholds(database: Database, gemeentecode: string): Promise<void> {
  const context = { duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 } as const
  for (let isDone = false; !isDone; ) {
    isDone = await database.as(context, async (tx) => {
      await lockHouseholds(tx, gemeentecode)
      return matchMarked(tx, gemeentecode)
    })
  }
}

// True when no mark that stood at the start is left. What has expired is published only then: a signal that came in
// time keeps its household.
async function matchMarked(tx: Tx, gemeentecode: string): Promise<boolean> {
  const { taken, adressen } = await takeMarks(tx, gemeentecode, marksAtOnce)
  await recompute(tx, gemeentecode, adressen)
  if (taken === marksAtOnce) return false
  await recompute(tx, gemeentecode, await publishExpired(tx, gemeentecode))
  return true
}

async function recompute(tx: Tx, gemeentecode: string, adressen: readonly Buffer[]): Promise<void> {
  if (adressen.length === 0) return
  const gemeente = await findGemeente(tx, gemeentecode)
  await recomputeHouseholds(tx, gemeentecode, adressen, gemeente!.instellingen.matchTelling)
}

/** Has every household of a municipality counted anew, as when it decides to count differently. */
export async function rematchGemeente(database: Database, gemeentecode: string): Promise<void> {
  await database.as({ duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 }, (tx) =>
    markAllAddresses(tx, gemeentecode)
  )
}

/** Has the households with a signal of a partner published anew, as when it gets another name. */
export async function republishPartner(
  database: Database,
  gemeentecodes: readonly string[],
  signaalpartnerId: string
): Promise<void> {
  for (const gemeentecode of gemeentecodes) {
    const context = { duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 } as const
    await database.as(context, (tx) => markAddressesOfPartner(tx, gemeentecode, signaalpartnerId))
  }
}

/** Matches every municipality that has marks. */
export async function matchAll(database: Database): Promise<void> {
  const marked = await database.as({ duty: 'matcher' }, listMarkedGemeenten)
  for (const gemeentecode of marked) await matchHouseholds(database, gemeentecode)
}

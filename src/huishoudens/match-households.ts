import { findGemeente } from '../organisaties/gemeente-store.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import { type Clock, todayIn } from '../time.ts'
import { listOutdatedAddresses, recomputeHouseholds } from './huishouden-store.ts'
import { listMarkedGemeenten, lockHouseholds, markAllAddresses, takeMarks } from './markering-store.ts'

// A delivery leaves hundreds of thousands of marks; in pieces nobody waits long for the lock.
const marksAtOnce = 2_000

/**
 * Brings a municipality's households up to date with every committed signal (station 4): consumes its marks and
 * recomputes those addresses as a set. One at a time per municipality; recomputing inside the writers'
 * transactions was measured to lose updates.
 */
export async function matchHouseholds(database: Database, clock: Clock, gemeentecode: string): Promise<void> {
  const context = { duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 } as const
  for (let isDone = false; !isDone; ) {
    isDone = await database.as(context, async (tx) => {
      await lockHouseholds(tx, gemeentecode)
      return matchMarked(tx, gemeentecode, todayIn(clock()))
    })
  }
}

// True when no mark that stood at the start is left.
async function matchMarked(tx: Tx, gemeentecode: string, vandaag: string): Promise<boolean> {
  const { taken, adressen } = await takeMarks(tx, gemeentecode, marksAtOnce)
  const outdated = await listOutdatedAddresses(tx, gemeentecode, vandaag)
  if (adressen.length + outdated.length > 0) {
    const gemeente = await findGemeente(tx, gemeentecode)
    await recomputeHouseholds(
      tx,
      gemeentecode,
      [...adressen, ...outdated],
      gemeente!.instellingen.matchTelling
    )
  }
  return taken < marksAtOnce
}

/** Has every household of a municipality counted anew, as when it decides to count differently. */
export async function rematchGemeente(database: Database, gemeentecode: string): Promise<void> {
  await database.as({ duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 }, (tx) =>
    markAllAddresses(tx, gemeentecode)
  )
}

/** Matches every municipality that has marks. */
export async function matchAll(database: Database, clock: Clock): Promise<void> {
  const marked = await database.as({ duty: 'matcher' }, listMarkedGemeenten)
  for (const gemeentecode of marked) await matchHouseholds(database, clock, gemeentecode)
}

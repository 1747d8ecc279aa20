import { findGemeente } from '../organisaties/gemeente-store.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import { type Clock, todayIn } from '../time.ts'
import { listOutdatedAddresses, recomputeHouseholds } from './huishouden-store.ts'
import { listMarkedGemeenten, lockHouseholds, takeMarks } from './markering-store.ts'

/**
 * Brings a municipality's households up to date with every committed signal (station 4): consumes its marks and
 * recomputes those addresses as a set. One at a time per municipality; recomputing inside the writers'
 * transactions was measured to lose updates.
 */
export async function matchHouseholds(database: Database, clock: Clock, gemeentecode: string): Promise<void> {
  await database.as(
    { duty: 'matcher', gemeentecodes: [gemeentecode], statementTimeout: 60_000 },
    async (tx) => {
      await lockHouseholds(tx, gemeentecode)
      await matchMarked(tx, gemeentecode, todayIn(clock()))
    }
  )
}

async function matchMarked(tx: Tx, gemeentecode: string, vandaag: string): Promise<void> {
  const adressen = [
    ...(await takeMarks(tx, gemeentecode)),
    ...(await listOutdatedAddresses(tx, gemeentecode, vandaag))
  ]
  if (adressen.length === 0) return
  const gemeente = await findGemeente(tx, gemeentecode)
  await recomputeHouseholds(tx, gemeentecode, adressen, gemeente!.instellingen.matchTelling)
}

/** Matches every municipality that has marks. */
export async function matchAll(database: Database, clock: Clock): Promise<void> {
  const marked = await database.as({ duty: 'matcher' }, listMarkedGemeenten)
  for (const gemeentecode of marked) await matchHouseholds(database, clock, gemeentecode)
}

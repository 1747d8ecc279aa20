import { setTimeout as sleep } from 'node:timers/promises'
import { lockFreeHuishoudens, lockHuishoudens } from '../platform/database/locks.ts'
import type { Context, Database, Tx } from '../platform/database/open-database.ts'
import { later } from '../platform/http/problem.ts'
import { listMarkedGemeenten, takeMarkeringen } from '../sporen/markering-store.ts'
import type { IsoDate } from '../time.ts'
import {
  findNextDayBegun,
  isMatchingDue,
  listOvertakenGemeenten,
  publishExpired,
  recomputeHuishoudens
} from './match-store.ts'

// A delivery leaves hundreds of thousands of marks, in all municipalities. Small pieces keep the wait for the lock
// short; several municipalities per transaction keep the overhead of transactions low.
const marksAtOnce = 2_000
const gemeentenAtOnce = 16
// For one whose clock is days behind.
const overtakenAttempts = 20
const overtakenPause = 100

/**
 * Brings households up to date with every committed signal (station 4): takes the marks of these municipalities and
 * recomputes the marked addresses as a set, one run at a time per municipality. Writers do not recompute households in
 * their own transactions, because that was measured to lose updates.
 * Where another instance has begun the next day, as one does whose clock is ahead around midnight, that day counts. Throws
 * tijdelijk-niet-beschikbaar when it is further ahead.
 */
export async function matchHuishoudens(database: Database, gemeentecodes: readonly string[]): Promise<void> {
  for (const gemeentecode of await matchFree(database, gemeentecodes)) await matchNext(database, gemeentecode)
}

/** True when there is something to match in these municipalities. */
export async function isDue(database: Database, gemeentecodes: readonly string[]): Promise<boolean> {
  return database.ask(asMatcher(gemeentecodes), (tx) => isMatchingDue(tx, gemeentecodes))
}

/** Matches every municipality that has marks; skips those that are locked, until the next time. */
export async function matchAll(database: Database): Promise<void> {
  await matchFree(database, await database.ask({ duty: 'matcher' }, listMarkedGemeenten))
}

// Takes several municipalities at once, but only unlocked ones, because waiting for one would delay the others. Returns
// the locked ones.
async function matchFree(database: Database, gemeentecodes: readonly string[]): Promise<string[]> {
  const busy: string[] = []
  for (let start = 0; start < gemeentecodes.length; start += gemeentenAtOnce) {
    let unfinished = gemeentecodes.slice(start, start + gemeentenAtOnce)
    while (unfinished.length > 0) {
      const asked = unfinished
      unfinished = await database.as(asMatcher(asked), async (tx) => {
        const locked = await lockFreeHuishoudens(tx, asked)
        const overtaken = await listOvertakenGemeenten(tx, locked)
        const free = locked.filter((gemeentecode) => !overtaken.includes(gemeentecode))
        busy.push(...asked.filter((gemeentecode) => !free.includes(gemeentecode)))
        return free.length === 0 ? [] : matchMarked(tx, free)
      })
    }
  }
  return busy
}

// Waits for the lock, and goes on in the day that began meanwhile, here or elsewhere.
async function matchNext(database: Database, gemeentecode: string): Promise<void> {
  let attempts = 0
  let vandaag: IsoDate | undefined
  for (let isDone = false; !isDone; ) {
    const outcome = await database.as({ ...asMatcher([gemeentecode]), vandaag }, async (tx) => {
      await lockHuishoudens(tx, gemeentecode)
      if ((await listOvertakenGemeenten(tx, [gemeentecode])).length > 0) {
        const next = await findNextDayBegun(tx, gemeentecode)
        if (next === undefined) return 'overtaken'
        vandaag = next
        return 'unfinished'
      }
      return (await matchMarked(tx, [gemeentecode])).length === 0 ? 'done' : 'unfinished'
    })
    isDone = outcome === 'done'
    if (outcome !== 'overtaken') continue
    attempts += 1
    if (attempts === overtakenAttempts) throw later(1)
    await sleep(overtakenPause)
  }
}

function asMatcher(gemeentecodes: readonly string[]): Context {
  return { duty: 'matcher', gemeentecodes, statementTimeout: 60_000 }
}

// Returns the municipalities that may have marks left. Only the others publish what has expired: there every signal
// that came in time has been counted.
async function matchMarked(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  const limit = Math.ceil(marksAtOnce / gemeentecodes.length)
  const marks = await takeMarkeringen(tx, gemeentecodes, limit)
  if (marks.length > 0) await recomputeHuishoudens(tx, marks)
  const taken = Map.groupBy(marks, ({ gemeentecode }) => gemeentecode)
  const isUnfinished = (gemeentecode: string) => taken.get(gemeentecode)?.length === limit
  const lessened = await publishExpired(
    tx,
    gemeentecodes.filter((gemeentecode) => !isUnfinished(gemeentecode))
  )
  if (lessened.length > 0) await recomputeHuishoudens(tx, lessened)
  return gemeentecodes.filter(isUnfinished)
}

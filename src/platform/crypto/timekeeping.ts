import { type Clock, type IsoDate, todayIn } from '../../time.ts'
import type { KeyPool } from '../database/open-key-pool.ts'
import { type Kloken, raiseKlok, readKloken, setKlok } from './klok-store.ts'

// What is destroyed does not come back, so it never rests on one clock: the machine's is held against that of the key
// database, and against the instant until which the hub ran.

/** The hub's clock cannot be believed, so nothing is destroyed by it. */
export class ClockDoubted extends Error {}

/** Whether the hub's clock can be believed. */
export type Timekeeping = {
  /** Resolves when it can be, and remembers until when the hub ran; throws ClockDoubted. */
  requireTime(): Promise<void>
  /**
   * Believes the hub's clock, however long the hub stood still, on the word of somebody who says what day it is. Throws
   * ClockDoubted when the clock says another day, or differs from that of the key database.
   */
  confirmTime(dag: IsoDate): Promise<void>
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Milliseconds that the clocks of machine and database may differ. */
const mostApart = 5 * minute
/** Milliseconds that a hub may have stood still before its clock is believed without a word. */
const longestStill = 7 * day
/** Milliseconds that its clock may stand before an instant at which it ran. */
const furthestBack = hour
// Written now and then: a check is made every few seconds.
const between = 10 * minute

/** A clock that is set by hand, as for a trial or in a test, is believed. */
export const setByHand: Timekeeping = { requireTime: async () => {}, confirmTime: async () => {} }

/** Opens the timekeeping of a hub that goes by the machine's clock. */
export function openTimekeeping(pool: KeyPool, clock: Clock): Timekeeping {
  return {
    requireTime: async () => {
      const { now, gelopenTot } = await readTogether(pool, clock)
      const ahead = gelopenTot === null ? between : now.getTime() - gelopenTot.getTime()
      if (ahead > longestStill || ahead < -furthestBack) throw stoodStill(now, gelopenTot!)
      if (ahead >= between) await raiseKlok(pool, now)
    },
    confirmTime: async (dag) => {
      const { now } = await readTogether(pool, clock)
      if (todayIn(now) !== dag) {
        throw new ClockDoubted(
          `the clock of this machine says ${todayIn(now)}, not ${dag}; set it right first`
        )
      }
      await setKlok(pool, now)
    }
  }
}

async function readTogether(
  pool: KeyPool,
  clock: Clock
): Promise<Pick<Kloken, 'gelopenTot'> & { readonly now: Date }> {
  const { server, gelopenTot } = await readKloken(pool)
  const now = clock()
  if (Math.abs(now.getTime() - server.getTime()) <= mostApart) return { now, gelopenTot }
  throw new ClockDoubted(
    `the clock of this machine says ${now.toISOString()} and that of the key database ${server.toISOString()}: nothing ` +
      'is destroyed until both are right'
  )
}

function stoodStill(now: Date, gelopenTot: Date): ClockDoubted {
  return new ClockDoubted(
    `the clock says ${now.toISOString()} and the hub ran until ${gelopenTot.toISOString()}: nothing is destroyed before ` +
      'somebody says what day it is: npm run beheer -- klok bevestigen YYYY-MM-DD'
  )
}

import type { Database } from '../platform/database/open-database.ts'
import { later } from '../platform/http/problem.ts'
import { type IsoDate, todayIn } from '../time.ts'
import type { Hub } from '../toegang/hub.ts'
import { isDue, matchHuishoudens } from './match-huishoudens.ts'

/** Thrown when households are not up to date with every committed signal; nothing has been shown or logged. */
export class OutdatedHuishouden extends Error {
  readonly gemeentecodes: readonly string[]

  constructor(gemeentecodes: readonly string[]) {
    super('households must be matched first')
    this.gemeentecodes = gemeentecodes
  }
}

const attempts = 5

type Matching = Pick<Hub, 'database' | 'clock'>

/**
 * Runs `attempt` on households that are up to date with every signal that was committed before, in municipalities of the
 * caller. It throws OutdatedHuishouden for municipalities that must be matched first: when it is told to check that, or
 * when a household lost a signal before it was read, so that its counts would contradict its signals. Throws
 * tijdelijk-niet-beschikbaar when that keeps happening.
 */
export async function matched<Result>(
  hub: Matching,
  gemeentecodes: readonly string[],
  attempt: (isChecking: boolean) => Promise<Result>
): Promise<Result> {
  await expireOnce(hub, gemeentecodes)
  for (let made = 0; made < attempts; made += 1) {
    try {
      // Once is enough: what comes in while it is matched was not committed before.
      return await attempt(made === 0)
    } catch (error) {
      if (!(error instanceof OutdatedHuishouden)) throw error
      await matchHuishoudens(hub.database, error.gemeentecodes)
    }
  }
  throw later(1)
}

// The day on which each municipality was last asked for what expired.
const asked = new WeakMap<Database, Map<string, IsoDate>>()

// What expires does so with the day, unmarked, and is hidden from who reads households; whatever else ends one marks it.
async function expireOnce({ database, clock }: Matching, gemeentecodes: readonly string[]): Promise<void> {
  const days = asked.get(database) ?? new Map<string, IsoDate>()
  asked.set(database, days)
  const vandaag = todayIn(clock())
  const unasked = gemeentecodes.filter((gemeentecode) => days.get(gemeentecode) !== vandaag)
  if (unasked.length === 0) return
  if (await isDue(database, unasked)) await matchHuishoudens(database, unasked)
  for (const gemeentecode of unasked) days.set(gemeentecode, vandaag)
}

/** The rows that were read; throws OutdatedHuishouden when they are checked and some must be matched first. */
export function upToDate<Row>(
  { rows, due }: { readonly rows: readonly Row[]; readonly due: readonly string[] },
  isChecking: boolean
): readonly Row[] {
  if (isChecking && due.length > 0) throw new OutdatedHuishouden(due)
  return rows
}

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { isTemporary } from './database-errors.ts'
import type { Database, Duty } from './open-database.ts'

// Milliseconds that a reader waits for a replica that is behind, and between two looks at it.
const patience = 250
const interval = 25
// Milliseconds that a replica is left alone after it failed.
const rest = 5_000

/**
 * Reads from a replica, once that shows all that was committed before the reading began, by whatever instance; else, and
 * when the replica is away, has become a primary or cannot carry out the work, from the primary. So whoever wrote reads it
 * back, and work that turns out to write, such as a line of the processing log, is done on the primary or not at all.
 */
export function readFromReplica(
  primary: Database,
  replica: Database,
  now: () => number
): Pick<Database, 'as'> {
  let restsUntil = Number.NEGATIVE_INFINITY
  return {
    as: async (context, work) => {
      if (now() < restsUntil) return primary.as(context, work)
      const position = await positionOf(primary, context.duty)
      try {
        if (await reaches(replica, context.duty, position, now)) return await replica.as(context, work)
      } catch (error) {
        if (!isTemporary(error)) throw error
        restsUntil = now() + rest
      }
      return primary.as(context, work)
    }
  }
}

async function positionOf(primary: Database, duty: Duty): Promise<string> {
  const { rows } = await primary.ask({ duty }, (tx) =>
    sql<{ position: string }>`select pg_current_wal_insert_lsn()::text as position`.execute(tx)
  )
  return rows[0]!.position
}

// What is no replica any more may have a history of its own.
async function reaches(replica: Database, duty: Duty, position: string, now: () => number): Promise<boolean> {
  const until = now() + patience
  for (;;) {
    const { rows } = await replica.ask({ duty }, (tx) =>
      sql<{ isThere: boolean; isReplica: boolean }>`select pg_is_in_recovery() as "isReplica",
        coalesce(pg_last_wal_replay_lsn() >= ${position}::pg_lsn, false) as "isThere"`.execute(tx)
    )
    const { isThere, isReplica } = rows[0]!
    if (!isReplica || isThere || now() >= until) return isReplica && isThere
    await sleep(interval)
  }
}

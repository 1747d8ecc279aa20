import { sql } from 'kysely'
import type { Duty, Tx } from './open-database.ts'

/**
 * Runs `work` in the same transaction under another duty, for the same tenant, and goes back to the first: for what a
 * caller's decision leads to where the caller's own rights end.
 */
export async function underDuty<Result>(tx: Tx, duty: Duty, work: () => Promise<Result>): Promise<Result> {
  const { rows } = await sql<{ before: string }>`
    select current_setting('role') as before, set_config('role', ${`signaalhub_${duty}`}, true)`.execute(tx)
  const result = await work()
  await sql`select set_config('role', ${rows[0]!.before}, true)`.execute(tx)
  return result
}

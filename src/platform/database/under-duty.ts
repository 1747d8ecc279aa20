import { sql } from 'kysely'
import type { Duty, Tx } from './open-database.ts'

/**
 * Runs `work` in the same transaction under another duty, and for other municipalities when given, then switches back.
 * Meant for consequences of a caller's decision that are outside the caller's own rights.
 */
export async function underDuty<Result>(
  tx: Tx,
  duty: Duty,
  work: () => Promise<Result>,
  gemeentecodes?: readonly string[]
): Promise<Result> {
  const before = await switchTo(tx, `signaalhub_${duty}`, gemeentecodes?.join(','))
  const result = await work()
  await switchTo(tx, before.role, before.gemeentecodes)
  return result
}

// A select list is evaluated from left to right, so the old values are read before they are replaced.
async function switchTo(tx: Tx, role: string, gemeentecodes: string | undefined) {
  const { rows } = await sql<{ role: string; gemeentecodes: string }>`
    select current_setting('role') as role, current_setting('hub.gemeentecodes') as gemeentecodes,
      set_config('role', ${role}, true),
      set_config('hub.gemeentecodes', coalesce(${gemeentecodes ?? null}::text, current_setting('hub.gemeentecodes')), true)
  `.execute(tx)
  return rows[0]!
}

import { sql } from 'kysely'
import { type Duty, setStanding, standingOf, type Tx } from './open-database.ts'
import { sendStatement } from './transaction-of.ts'

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
  const before = standingOf(tx)
  switchTo(tx, duty, gemeentecodes)
  const result = await work()
  switchTo(tx, before.duty, gemeentecodes && before.gemeentecodes)
  return result
}

// By statements of their own, which nothing inside another statement can imitate, where set_config could be called from
// anywhere. They take no parameters.
function switchTo(tx: Tx, duty: Duty, gemeentecodes: readonly string[] | undefined): void {
  sendStatement(tx, sql`set local role ${sql.id(`signaalhub_${duty}`)}`)
  if (gemeentecodes !== undefined)
    sendStatement(tx, sql`set local hub.gemeentecodes = ${sql.lit(gemeentecodes.join())}`)
  setStanding(tx, { duty, gemeentecodes: gemeentecodes ?? standingOf(tx).gemeentecodes })
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import type { Database, Duty, Tx } from '../../../src/platform/database/open-database.ts'
import type { TestHub } from '../../helpers/test-hub.ts'

/** Work that is held until the test releases it. */
export type Held<Result> = {
  /** False when the work finished without reaching the point to hold. */
  readonly isHeld: boolean
  /** Lets the work continue, and returns its result. */
  release(): Promise<Result>
}
export type Holds = ReturnType<typeof openHolds>

type Place = { readonly at: 'begin' | 'commit'; readonly duties: readonly Duty[] }
type Hold = Place & {
  isUsed: boolean
  readonly reached: PromiseWithResolvers<void>
  readonly released: PromiseWithResolvers<void>
}

/**
 * Lets a test hold one transaction of the work it starts, for as long as it likes, while everything else continues.
 * A transaction is held before it begins, or after it has written but before it commits, so its writes stay invisible.
 */
export function openHolds(hub: TestHub) {
  const holds = new AsyncLocalStorage<Hold>()
  const holdingOf =
    (as: Database['as']): Database['as'] =>
    async (context, work) => {
      const hold = holds.getStore()
      if (hold === undefined || hold.isUsed || !hold.duties.includes(context.duty)) return as(context, work)
      if (hold.at === 'begin') {
        await wait(hold)
        return as(context, work)
      }
      return as(context, async (tx) => {
        const result = await work(tx)
        if (await hasWritten(tx)) await wait(hold)
        return result
      })
    }
  for (const database of [hub.database, hub.hub.pages]) {
    Object.assign(database, { as: holdingOf(database.as) })
  }

  const start = async <Result>(place: Place, work: () => Promise<Result>): Promise<Held<Result>> => {
    const reached = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const hold: Hold = { ...place, isUsed: false, reached, released }
    const result = holds.run(hold, work)
    await Promise.race([reached.promise, result])
    return {
      isHeld: hold.isUsed,
      release: () => {
        released.resolve()
        return result
      }
    }
  }
  const callers: readonly Duty[] = ['signaalpartner', 'gemeente']
  return {
    /** Holds the commit of a caller's request. The matcher and the sweeper continue. */
    request: <Result>(work: () => Promise<Result>) => start({ at: 'commit', duties: callers }, work),
    /** Holds the commit of a matcher. */
    matcher: <Result>(work: () => Promise<Result>) => start({ at: 'commit', duties: ['matcher'] }, work),
    /** Holds the read of a municipality after its matching step. */
    reading: <Result>(work: () => Promise<Result>) => start({ at: 'begin', duties: ['gemeente'] }, work)
  }
}

async function wait(hold: Hold): Promise<void> {
  hold.isUsed = true
  hold.reached.resolve()
  await hold.released.promise
}

// Also turns off the idle timeout, or PostgreSQL would end the transaction while it is held.
async function hasWritten(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ hasWritten: boolean }>`
    select pg_current_xact_id_if_assigned() is not null as "hasWritten"`.execute(tx)
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
  return rows[0]!.hasWritten
}

import type { Context, Database } from '../../src/platform/database/open-database.ts'

/** A database that tells what is asked of it. */
export type WatchedDatabase = Database & {
  /** The context of every query that was a transaction of its own. */
  readonly queries: Context[]
  /** The context of every other transaction. */
  readonly transactions: Context[]
}

/** Watches a database. `admit` may throw to refuse a transaction, as a server that is gone would. */
export function watchDatabase(
  database: Database,
  admit: (count: number) => void = () => {}
): WatchedDatabase {
  const queries: Context[] = []
  const transactions: Context[] = []
  return {
    ...database,
    queries,
    transactions,
    ask: async (context, work) => {
      queries.push(context)
      return database.ask(context, work)
    },
    as: async (context, work) => {
      transactions.push(context)
      admit(transactions.length)
      return database.as(context, work)
    }
  }
}

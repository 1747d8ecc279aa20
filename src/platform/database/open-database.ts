import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { type Clock, todayIn } from '../../time.ts'
import type { Tables } from './tables.ts'

const { Client, Pool, TypeOverrides, types } = pg

/** The duties of the hub; each is a database role that can do that and nothing else. */
export type Duty =
  | 'toegang'
  | 'beheer'
  | 'signaalpartner'
  | 'gemeente'
  | 'afhandelaar'
  | 'matcher'
  | 'vernietiger'

/** On whose behalf a transaction runs; row level security shows it the rows of that party and no others. */
export type Context = {
  readonly duty: Duty
  readonly gemeentecodes?: readonly string[]
  readonly signaalpartnerId?: string | undefined
  readonly clientId?: string
  /** Milliseconds a statement may take; 5 seconds unless told. */
  readonly statementTimeout?: number
  /** Milliseconds the transaction may wait for us between statements; 15 seconds unless told. */
  readonly idleTimeout?: number
}

/** A transaction inside the tenant wrapper: the only form in which a query builder exists. */
export type Tx = Transaction<Tables>

/** One direct connection, for migrations and the key database. */
export type Connection = pg.Client
export type ConnectionPool = pg.Pool

export type Database = {
  /** Runs `work` in one transaction under the role and the tenant of `context`; commits when it resolves. */
  as<Result>(context: Context, work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Resolves when a connection answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

const connectionTimeoutMillis = 2_000
const lockTimeout = '2000'

/** Opens a pool that waits at most two seconds for a connection; nothing is asked of the server until first use. */
export function openDatabase(options: {
  url: string
  poolSize: number
  clock: Clock
  onError(error: Error): void
}): Database {
  const pool = openPool(options.url, options.poolSize, options.onError)
  const kysely = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
  })
  return {
    as: (context, work) =>
      kysely.transaction().execute(async (tx) => {
        await enter(tx, context, todayIn(options.clock()))
        return work(tx)
      }),
    ping: async () => {
      await sql`select 1`.execute(kysely)
    },
    close: () => kysely.destroy()
  }
}

/** A pool for the key database and for migrations, which hold no rows of a tenant. */
export function openPool(url: string, max: number, onError: (error: Error) => void): pg.Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis,
    idleTimeoutMillis: 30_000,
    application_name: 'signaalhub',
    types: plainTypes()
  })
  pool.on('error', onError)
  // The pool listens only to idle connections: one that is lost while in use would end the process. Its query rejects.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs `work` on one direct connection, outside any pool. */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>
): Promise<Result> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis,
    application_name: 'signaalhub'
  })
  // Without a listener a server that goes away mid-query would end the process; the query itself rejects.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

// One round trip; everything is local to the transaction, so it also holds behind PgBouncer.
async function enter(tx: Tx, context: Context, vandaag: string): Promise<void> {
  const {
    duty,
    gemeentecodes = [],
    signaalpartnerId = '',
    clientId = '',
    statementTimeout = 5_000,
    idleTimeout = 15_000
  } = context
  await sql`select set_config('role', ${`signaalhub_${duty}`}, true),
    set_config('hub.gemeentecodes', ${gemeentecodes.join(',')}, true),
    set_config('hub.signaalpartner_id', ${signaalpartnerId}, true),
    set_config('hub.client_id', ${clientId}, true),
    set_config('hub.vandaag', ${vandaag}, true),
    set_config('timezone', 'UTC', true),
    set_config('statement_timeout', ${String(statementTimeout)}, true),
    set_config('lock_timeout', ${lockTimeout}, true),
    set_config('idle_in_transaction_session_timeout', ${String(idleTimeout)}, true)`.execute(tx)
}

// Days stay text: as a Date they would move with the machine's time zone. Counts and cents fit a number.
function plainTypes() {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.DATE, (text) => text)
  overrides.setTypeParser(types.builtins.INT8, Number)
  return overrides
}

import type { Transaction } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../begrippen/tables.ts'
import { type Clock, type IsoDate, todayIn } from '../../time.ts'
import { isPlanOutdated } from './database-errors.ts'
import { openStatementNames } from './name-statements.ts'
import { type RunStatement, transactionOf } from './transaction-of.ts'

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
  /** The same for work that is one statement, which travels together with the beginning and the end of its transaction. */
  ask<Result>(context: Context, work: (tx: Tx) => Promise<Result>): Promise<Result>
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
  /** Whether the server keeps the plans of statements; true unless told. */
  isPreparing?: boolean
  clock: Clock
  onError(error: Error): void
}): Database {
  const { url, poolSize, isPreparing = true, clock, onError } = options
  const pool = openPool(url, poolSize, onError, true)
  const nameOf: StatementNames = isPreparing ? openStatementNames() : () => undefined
  const open = async <Result>(context: Context, work: Work<Result>, isSingle: boolean): Promise<Result> => {
    const client = await pool.connect()
    return inTransaction(client, nameOf, { context, vandaag: todayIn(clock()), isSingle }, work)
  }
  return {
    as: (context, work) => open(context, work, false),
    ask: (context, work) => open(context, work, true),
    ping: async () => {
      await pool.query('select 1')
    },
    close: () => pool.end()
  }
}

type StatementNames = ReturnType<typeof openStatementNames>
type Work<Result> = (tx: Tx) => Promise<Result>

async function inTransaction<Result>(
  client: pg.PoolClient,
  nameOf: StatementNames,
  { context, vandaag, isSingle }: { context: Context; vandaag: IsoDate; isSingle: boolean },
  work: Work<Result>
): Promise<Result> {
  let committed: Promise<void> | undefined
  let isOver = false
  const send: RunStatement = (text, values) =>
    client.query({ name: nameOf(context.duty, text, values.length), text, values: [...values] })
  const end = () => {
    isOver = true
    committed ??= commit(client)
    return committed
  }
  const run: RunStatement = (text, values) => {
    if (isOver) throw new Error('the transaction is over')
    const answer = send(text, values)
    // Whoever waits for the statement hears of a failure first.
    if (isSingle) end().catch(() => undefined)
    return answer
  }
  const begun = begin(client, send, context, vandaag)
  try {
    const result = await work(transactionOf(run))
    await begun
    await end()
    client.release()
    return result
  } catch (error) {
    isOver = true
    // What follows a context that could not be set fails as well, but not for a reason of its own.
    const cause = await begun.then(
      () => error,
      (first: unknown) => first
    )
    await rollBack(client, cause)
    throw cause
  }
}

/** A pool for the key database and for migrations, which hold no rows of a tenant. */
export function openPool(
  url: string,
  max: number,
  onError: (error: Error) => void,
  pipeline = false
): pg.Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    pipeline,
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

// Sent without waiting, so that both travel with the first statement of the work: one round trip for three messages.
// Everything is local to the transaction, so it also holds behind PgBouncer.
function begin(
  client: pg.PoolClient,
  run: RunStatement,
  context: Context,
  vandaag: IsoDate
): Promise<unknown> {
  const {
    duty,
    gemeentecodes = [],
    signaalpartnerId = '',
    clientId = '',
    statementTimeout = 5_000,
    idleTimeout = 15_000
  } = context
  const begun = Promise.all([
    client.query('begin'),
    run(contextText, [
      `signaalhub_${duty}`,
      gemeentecodes.join(','),
      signaalpartnerId,
      clientId,
      vandaag,
      String(statementTimeout),
      lockTimeout,
      String(idleTimeout),
      duty === 'toegang' ? 'auto' : 'force_custom_plan'
    ])
  ])
  // Whoever waits for it hears of a failure; until then it must not end the process.
  begun.catch(() => undefined)
  return begun
}

// A plan is kept only for the clients, who stay few. One made while a table was small takes the wrong index, or none,
// from the moment that a delivery fills it until the next ANALYZE; so there the server keeps the parsed statement and
// plans for the table as it is.
const contextText = `select set_config('role', $1, true), set_config('hub.gemeentecodes', $2, true),
  set_config('hub.signaalpartner_id', $3, true), set_config('hub.client_id', $4, true),
  set_config('hub.vandaag', $5, true), set_config('timezone', 'UTC', true),
  set_config('statement_timeout', $6, true), set_config('lock_timeout', $7, true),
  set_config('idle_in_transaction_session_timeout', $8, true),
  set_config('plan_cache_mode', $9, true)`

// The server answers COMMIT with ROLLBACK when an earlier statement failed.
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  if (command !== 'COMMIT') throw new Error('a statement failed, so the transaction was rolled back')
}

// A connection that cannot be trusted any more is closed: one that is lost, or whose plans the schema has overtaken.
async function rollBack(client: pg.PoolClient, cause: unknown): Promise<void> {
  const isRolledBack = await client.query('rollback').then(
    () => true,
    () => false
  )
  client.release(!isRolledBack || isPlanOutdated(cause))
}

// Days stay text: as a Date they would move with the machine's time zone. Counts and cents fit a number.
function plainTypes() {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.DATE, (text) => text)
  overrides.setTypeParser(types.builtins.INT8, Number)
  return overrides
}

import type { Writable } from 'node:stream'
import { sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../begrippen/tables.ts'
import { type Clock, type IsoDate, todayIn } from '../../time.ts'
import { analyzeUnknown } from './analyze-unknown.ts'
import { hasNoRoom, isPlanOutdated, isSilence, isStatementLost, sqlStateOf } from './database-errors.ts'
import { openStatementNames, type StatementNames } from './name-statements.ts'
import { type RunStatement, transactionOf } from './transaction-of.ts'

const { Client, Pool, TypeOverrides, types } = pg

/** The duties of the hub; each is a database role with only the rights that it needs. */
export type Duty =
  | 'toegang'
  | 'beheer'
  | 'signaalpartner'
  | 'gemeente'
  | 'afhandelaar'
  | 'doorzender'
  | 'matcher'
  | 'vernietiger'
  | 'herleider'
  | 'herindeler'
  | 'sleutelbewaarder'
  | 'teller'
  | 'verzegelaar'
  | 'waarnemer'
  | 'bezorger'
  | 'sleutelhouder'

/** The partner and the client that a signal comes from. */
export type Herkomst = { readonly signaalpartnerId: string; readonly clientId: string }

/** For whom a transaction runs; row level security shows it the rows of that party only. */
export type Context = {
  readonly duty: Duty
  readonly gemeentecodes?: readonly string[]
  readonly signaalpartnerId?: string | undefined
  readonly clientId?: string
  /** From whom signals may come in; by default from the partner and the client above. */
  readonly herkomsten?: readonly Herkomst[]
  /** The day that counts; by default that of the clock when the transaction begins. */
  readonly vandaag?: IsoDate | undefined
  /** Milliseconds a statement may take; 5 seconds by default. */
  readonly statementTimeout?: number
  /** Milliseconds a statement may wait for a lock; 2 seconds by default. */
  readonly lockTimeout?: number
  /** Milliseconds the transaction may wait between statements; 15 seconds by default. */
  readonly idleTimeout?: number
}

/** A query builder bound to one transaction of a tenant; there is no other way to get one. */
export type Tx = Transaction<Tables>

/** One direct connection, for migrations and for setting up databases. */
export type Connection = pg.Client
type ConnectionPool = pg.Pool

/** The connections of a pool: how many there may be, how many work, how many wait for work, and who waits for one. */
export type Connections = {
  readonly most: number
  readonly busy: number
  readonly idle: number
  readonly waiting: number
}

/** A database, reached only through transactions with a role and a tenant. */
export type Database = {
  /** Runs `work` in one transaction under the role and the tenant of `context`; commits when it resolves. */
  as<Result>(context: Context, work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** The same for work of exactly one statement: begin, statement and commit share one round trip. */
  ask<Result>(context: Context, work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Resolves when a connection answers and may write, and there is room again after a write found none. */
  ping(): Promise<void>
  /** How its connections are used at this moment. */
  connections(): Connections
  /** Gathers statistics where there are none, as `analyzeUnknown` does. */
  analyze(): Promise<string[]>
  close(): Promise<void>
}

const connectionTimeoutMillis = 2_000
// The server ends a statement that takes too long. A server that went silent ends nothing, so the hub stops waiting
// this much later.
const silenceMargin = 1_000
// What costs the server nothing, such as BEGIN, is answered sooner, however long the work may take that follows.
const promptTimeout = 2_000

/** Opens a pool that waits at most two seconds for a connection; connects on first use. */
export function openDatabase(options: {
  url: string
  poolSize: number
  /** The names of the statements whose plans the server keeps; names of its own by default. */
  statements?: StatementNames
  clock: Clock
  onError(error: Error): void
  /** Whether `ping` tries to write after a write found no room; true by default. */
  rehearses?: boolean
  /** Hears of each transaction when it is asked for; what it returns hears whether it was committed. */
  watch?: ((context: Context) => ((isDone: boolean) => void) | undefined) | undefined
}): Database {
  const {
    url,
    poolSize,
    statements = openStatementNames(),
    clock,
    onError,
    rehearses = true,
    watch
  } = options
  const open = () => openPool(url, poolSize, onError)
  let pool = open()
  let isFull = false
  // One silent connection casts doubt on all of them: take new ones, and let the others finish what they do.
  const replaceWhenSilent = (suspect: ConnectionPool, error: unknown) => {
    if (suspect !== pool || !isSilence(error)) return
    pool = open()
    suspect.end().catch(onError)
  }
  const using = async <Result>(work: (pool: ConnectionPool) => Promise<Result>): Promise<Result> => {
    const used = pool
    try {
      return await work(used)
    } catch (error) {
      replaceWhenSilent(used, error)
      if (isStatementLost(error)) statements.lost()
      if (hasNoRoom(error)) isFull = rehearses
      throw error
    }
  }
  const run = <Result>(context: Context, work: Work<Result>, isSingle: boolean): Promise<Result> => {
    const ended = watch?.(context)
    const result = using(async (used) =>
      inTransaction(await used.connect(), statements, { context, nu: clock(), isSingle }, work)
    )
    if (ended !== undefined)
      result.then(
        () => ended(true),
        () => ended(false)
      )
    return result
  }
  return {
    as: (context, work) => run(context, work, false),
    ask: (context, work) => run(context, work, true),
    ping: async () => {
      await using(ping)
      if (isFull) await run({ duty: 'vernietiger' }, rehearseWriting, false).catch(unlessRehearsed)
      isFull = false
    },
    connections: () => connectionsOf(pool),
    analyze: () =>
      using((used) => analyzeUnknown((text, milliseconds) => used.query(within(text, [], milliseconds)))),
    close: () => pool.end()
  }
}

function connectionsOf({ options, totalCount, idleCount, waitingCount }: ConnectionPool): Connections {
  return { most: options.max, busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
}

// Rejects after two seconds of silence.
async function ping(pool: ConnectionPool): Promise<void> {
  const readOnly =
    "select from (select current_setting('transaction_read_only') as is_on) s where is_on = 'on'"
  const { rowCount } = await pool.query(within(readOnly, [], promptTimeout))
  if (rowCount !== 0) throw new Error('the database is read-only')
}

class Rehearsed extends Error {}

// More than the pages that a table has to spare, and none of it stays.
async function rehearseWriting(tx: Tx): Promise<void> {
  await sql`insert into job_run (job, slot, gestart_op)
    select 'schrijfproef', repeat(md5(n::text), 50) || n, 'epoch' from generate_series(1, 100) n`.execute(tx)
  throw new Rehearsed()
}

function unlessRehearsed(error: unknown): void {
  if (!(error instanceof Rehearsed)) throw error
}

// The types of pg lack the limit that its client takes for one statement.
function within(text: string, values: readonly unknown[], milliseconds: number, name?: string) {
  return { text, values: [...values], name, query_timeout: milliseconds, rowMode: 'array' as const }
}

// The server takes exactly one statement in this mode, so that nothing in one can end it and begin another.
function alone(text: string, values: readonly unknown[], milliseconds: number, name?: string) {
  return { ...within(text, values, milliseconds, name), queryMode: 'extended' }
}

type Work<Result> = (tx: Tx) => Promise<Result>

async function inTransaction<Result>(
  client: pg.PoolClient,
  statements: StatementNames,
  { context, nu, isSingle }: { context: Context; nu: Date; isSingle: boolean },
  work: Work<Result>
): Promise<Result> {
  let committed: Promise<void> | undefined
  let isOver = false
  let failed: { readonly error: unknown } | undefined
  const { statementTimeout = 5_000 } = context
  const patience = statementTimeout + silenceMargin
  const sendTogether = openPacker(client)
  const send: RunStatement = (text, values) => {
    sendTogether()
    const answer = client.query(
      alone(text, values, patience, statements.of(context.duty, text, values.length))
    )
    // Also when nobody waits for the answer: the transaction can no longer commit, and this is why.
    answer.catch((error: unknown) => {
      failed ??= { error }
    })
    return answer
  }
  const end = () => {
    isOver = true
    sendTogether()
    committed ??= commit(client, patience)
    return committed
  }
  const run: RunStatement = (text, values) => {
    if (isOver) throw new Error('the transaction is over')
    const answer = send(text, values)
    // The caller gets the error of the statement itself.
    if (isSingle) end().catch(() => undefined)
    return answer
  }
  sendTogether()
  const begun = begin(client, send, { statementTimeout, ...context }, nu)
  try {
    const tx = transactionOf(run)
    setStanding(tx, context)
    const result = await work(tx)
    await begun
    await end()
    client.release()
    return result
  } catch (error) {
    isOver = true
    // After one statement has failed, or the context could not be set, every later one fails too; the first error is the
    // cause.
    const cause = await begun.then(
      () => (isConsequence(error) ? (failed?.error ?? error) : error),
      (first: unknown) => first
    )
    await rollBack(client, cause)
    throw cause
  }
}

function openPool(url: string, max: number, onError: (error: Error) => void): ConnectionPool {
  const pool = new Pool({
    connectionString: url,
    max,
    pipeline: true,
    connectionTimeoutMillis,
    query_timeout: 5_000 + silenceMargin,
    idleTimeoutMillis: 30_000,
    application_name: 'signaalhub',
    types: plainTypes()
  })
  pool.on('error', onError)
  // The pool handles errors of idle connections only. A connection lost in use would end the process; its query
  // rejects.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Gathers statistics in the database of an address where there are none, as `analyzeUnknown` does. */
export async function analyze(url: string): Promise<string[]> {
  return withConnection(url, (client) =>
    analyzeUnknown((text, milliseconds) => client.query(within(text, [], milliseconds)))
  )
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

// Holds what is sent until the code that sends it waits for something, so that it goes out in one write: each write of
// its own costs as much as a small statement. The types of pg lack the stream.
function openPacker(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  let isHeld = false
  return () => {
    if (isHeld) return
    isHeld = true
    stream.cork()
    process.nextTick(() => {
      isHeld = false
      stream.uncork()
    })
  }
}

// As whom a transaction runs at this moment; `underDuty` changes it.
type Standing = { readonly duty: Duty; readonly gemeentecodes: readonly string[] }
const standing = new WeakMap<Tx, Standing>()

/** Under which duty and for which municipalities a transaction runs at this moment. */
export function standingOf(tx: Tx): Standing {
  return standing.get(tx)!
}

/** Remembers under which duty and for which municipalities a transaction runs; it is the caller that makes it so. */
export function setStanding(
  tx: Tx,
  { duty, gemeentecodes = [] }: Pick<Context, 'duty' | 'gemeentecodes'>
): void {
  standing.set(tx, { duty, gemeentecodes })
}

// Not awaited, so that both messages travel with the first statement of the work in one round trip. All settings are
// local to the transaction, so this also works behind PgBouncer.
function begin(
  client: pg.PoolClient,
  run: RunStatement,
  context: Context & { readonly statementTimeout: number },
  nu: Date
): Promise<unknown> {
  const {
    duty,
    gemeentecodes = [],
    signaalpartnerId = '',
    clientId = '',
    herkomsten = signaalpartnerId === '' ? [] : [{ signaalpartnerId, clientId }],
    vandaag = todayIn(nu),
    statementTimeout,
    lockTimeout = 2_000,
    idleTimeout = 15_000
  } = context
  const begun = Promise.all([
    client.query(within('begin', [], promptTimeout)),
    run(contextText, [
      `signaalhub_${duty}`,
      gemeentecodes.join(','),
      signaalpartnerId,
      clientId,
      vandaag,
      String(statementTimeout),
      String(lockTimeout),
      String(idleTimeout),
      duty === 'beheer' ? 'force_custom_plan' : 'force_generic_plan',
      duty === 'beheer' ? 'on' : 'off',
      herkomsten.map((herkomst) => `${herkomst.signaalpartnerId}/${herkomst.clientId}`).join(),
      duty === 'gemeente' || duty === 'signaalpartner' ? 'off' : 'on',
      nu.toISOString()
    ])
  ])
  // The error is handled where `begun` is awaited; until then it must not end the process.
  begun.catch(() => undefined)
  return begun
}

// Rows are always found along an index, in its order where a caller pages through them, and joined one by one where a
// statement says so, whatever statistics say: plans that are kept (see name-statements.ts) may have been made for an empty
// table, and so may statistics. The operator's reports, which read whole tables, are planned as the tables are. The
// just-in-time compiler is off: it took 20 ms for a statement of 1 ms. Who may call set_config is looked up before the
// first of these runs: the login may, and none of the duties (see set-up-databases.ts).
const contextText = `/* kept plan */ select set_config('role', $1, true), set_config('hub.gemeentecodes', $2, true),
  set_config('hub.signaalpartner_id', $3, true), set_config('hub.client_id', $4, true),
  set_config('hub.vandaag', $5, true), set_config('timezone', 'UTC', true),
  set_config('datestyle', 'ISO', true), set_config('statement_timeout', $6, true), set_config('lock_timeout', $7, true),
  set_config('idle_in_transaction_session_timeout', $8, true),
  set_config('plan_cache_mode', $9, true), set_config('enable_seqscan', $10, true),
  set_config('enable_bitmapscan', $10, true), set_config('enable_sort', $12, true), set_config('jit', 'off', true),
  set_config('hub.herkomsten', $11, true), set_config('hub.nu', $13, true)`

// The server answers COMMIT with ROLLBACK when an earlier statement failed.
async function commit(client: pg.PoolClient, patience: number): Promise<void> {
  const { command } = await client.query(within('commit', [], patience))
  if (command !== 'COMMIT') throw new RolledBack('a statement failed, so the transaction was rolled back')
}

class RolledBack extends Error {}

// Whether an error only says that an earlier statement of the transaction has failed.
function isConsequence(error: unknown): boolean {
  return error instanceof RolledBack || sqlStateOf(error) === '25P02'
}

// Closes a connection that cannot be trusted any more: it is lost, or its plans no longer fit the schema.
async function rollBack(client: pg.PoolClient, cause: unknown): Promise<void> {
  const isRolledBack = await client.query(within('rollback', [], promptTimeout)).then(
    () => true,
    () => false
  )
  client.release(!isRolledBack || isPlanOutdated(cause))
}

// Days stay text, because a Date would shift with the machine's time zone. Counts and cents fit a number. Instants come in
// UTC, as every transaction asks, so they are read without looking for a zone.
function plainTypes() {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(
    types.builtins.TIMESTAMPTZ,
    (text) => new Date(`${text.slice(0, 10)}T${text.slice(11).replace('+00', 'Z')}`)
  )
  overrides.setTypeParser(types.builtins.DATE, (text) => text)
  overrides.setTypeParser(types.builtins.INT8, Number)
  return overrides
}

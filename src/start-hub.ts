import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { scheduleBezorging } from './abonnementen/bezorgen/schedule-bezorging.ts'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { scheduleMatching } from './huishoudens/schedule-matching.ts'
import { firstClient } from './organisaties/clients/first-client.ts'
import { DaysLost } from './platform/crypto/data-keys.ts'
import type { KeyRing } from './platform/crypto/key-ring.ts'
import { type KnownKeys, openKnownKeys } from './platform/crypto/known-keys-store.ts'
import { openConfiguredKeys } from './platform/crypto/open-configured-keys.ts'
import { openPayloadSigner } from './platform/crypto/payload-signer.ts'
import { ClockDoubted } from './platform/crypto/timekeeping.ts'
import { type ClockWatch, watchClock } from './platform/crypto/watch-clock.ts'
import { isTemporary } from './platform/database/database-errors.ts'
import { databaseOf, ensureDatabase } from './platform/database/ensure-databases.ts'
import { keepsStatements } from './platform/database/keeps-statements.ts'
import { TablesInUse } from './platform/database/migrate.ts'
import {
  noStatementNames,
  openStatementNames,
  type StatementNames
} from './platform/database/name-statements.ts'
import { analyze, type Database, openDatabase } from './platform/database/open-database.ts'
import { type KeyPool, openKeyPool } from './platform/database/open-key-pool.ts'
import { prepareDatabase } from './platform/database/prepare-database.ts'
import { readFromReplica } from './platform/database/read-from-replica.ts'
import { type Addresses, openAddresses } from './platform/embedded/open-addresses.ts'
import { choosePort } from './platform/http/choose-port.ts'
import { later } from './platform/http/problem.ts'
import { type Failures, reportFailures } from './platform/jobs/report-failures.ts'
import { openDatabaseReadings } from './platform/metrics/database-readings.ts'
import { type Metrics, openMetrics } from './platform/metrics/open-metrics.ts'
import { poolReadings } from './platform/metrics/pool-readings.ts'
import { serveMetrics } from './platform/metrics/serve-metrics.ts'
import { openStandingReadings, type Standing } from './platform/metrics/standing-readings.ts'
import { openOutgoing } from './platform/outgoing/outgoing.ts'
import { openTraces } from './platform/traces/open-traces.ts'
import { watchTransactions } from './platform/traces/request-spans.ts'
import { openWaitingFigures } from './sporen/waiting-store.ts'
import { type Clock, systemClock } from './time.ts'
import { type Hub, openHub } from './toegang/hub.ts'
import { scheduleKeyRefresh } from './toegang/schedule-key-refresh.ts'
import { horizonAt } from './vernietiging/handlers.ts'
import { bringInStep, whyOutOfStep } from './vernietiging/in-step.ts'
import { lateFigures } from './vernietiging/late-store.ts'
import { type SweepSchedule, scheduleSweep } from './vernietiging/schedule-sweep.ts'
import { destroyerOf, type Sweeper } from './vernietiging/sweep.ts'
import { scheduleHerleiding } from './wijzigingen/herleiding/schedule-herleiding.ts'
import { scheduleHerindeling } from './zaken/herindelingen/schedule-herindeling.ts'

export type RunningHub = {
  readonly url: string
  /** The operator's first client, when this start made it: the only time its secret is known. */
  readonly madeClient: { clientId: string; clientSecret: string } | undefined
  /** Where the hub's own PostgreSQL keeps its data, when it runs one. */
  readonly dataDir: string | undefined
  /** Aborted when the hub's own PostgreSQL has ended; the hub cannot go on. */
  readonly databaseGone: AbortSignal
  stop(): Promise<void>
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const retryDelay = 1_000
// Milliseconds that a request may go on after the hub was told to end; within the limit of the whole shutdown.
const lastRequests = 10_000
// As many as two cores and the server beside them are busy with.
const pagesAtOnce = 4
// Connections by which outcomes of deliveries are recorded; none is held while a receiver is waited for.
const deliveriesAtOnce = 2
// Reports that are read from a replica.
const readingsAtOnce = 4

type Closer = () => Promise<void>

/**
 * Starts the whole hub: databases, HTTP, jobs. It listens at once and answers 503 until the databases are reached
 * and migrated; they may come later. Resolves when it is ready; `stop` closes in reverse order. Rejects, with
 * everything closed again, when `ending` comes first.
 */
export async function startHub(config: Config, logger: Logger, ending?: AbortSignal): Promise<RunningHub> {
  const closers: Closer[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    return await open(config, logger, closers, stop, ending)
  } catch (cause) {
    await stop()
    throw cause
  }
}

async function open(
  config: Config,
  logger: Logger,
  closers: Closer[],
  stop: Closer,
  ending: AbortSignal | undefined
): Promise<RunningHub> {
  const port = await choosePort(config)
  const metrics = openMetrics()
  closers.push(await serveMetrics(config, metrics, logger))
  const addresses = await openAddresses(config)
  closers.push(addresses.close)
  const clock = systemClock(config.proefKlok)
  const connections = reportFailures(logger, 'keeping a connection to the database')
  const onError = connections.failed
  const { poolSize } = config
  const statements = statementNamesOf(config, logger)
  const connected = { url: addresses.databaseUrl, statements, clock, onError }
  const spans = openTraces(config, metrics, logger)
  if (spans) closers.push(spans.close)
  const watch = spans && watchTransactions(spans)
  const database = openDatabase({ ...connected, poolSize, watch })
  const pages = openDatabase({ ...connected, poolSize: pagesAtOnce, watch })
  const deliveries = openDatabase({ ...connected, poolSize: deliveriesAtOnce })
  const { readDatabaseUrl } = config
  const replica =
    readDatabaseUrl === undefined
      ? undefined
      : openDatabase({ ...connected, url: readDatabaseUrl, poolSize: readingsAtOnce, watch })
  const figures =
    replica === undefined ? database : readFromReplica(database, replica, () => performance.now())
  const keyPool = openKeyPool({ ...connected, url: addresses.sleutelDatabaseUrl, poolSize: 4 })
  const keeper = openDatabase({ ...connected, poolSize: 1 })
  // Of the metrics alone, so that they also come when all others are busy.
  const watcher = openDatabase({ ...connected, poolSize: 1 })
  if (replica !== undefined) closers.push(replica.close)
  closers.push(keyPool.close, watcher.close, keeper.close, deliveries.close, pages.close, database.close)

  let keyRing: KeyRing | undefined
  let schedule: SweepSchedule | undefined
  let clockWatch: ClockWatch | undefined
  const isDoubted = () => clockWatch?.isDoubted() ?? false
  const ring = () => {
    if (keyRing === undefined) throw later(2)
    return keyRing
  }
  // By a wrong clock signals would be shown, counted and dated wrongly.
  const keys = () => {
    if (isDoubted()) throw later(60)
    return ring()
  }
  const publicUrl =
    config.publicUrl ?? `http://${isIPv6(config.host) ? `[${config.host}]` : config.host}:${port}`
  const { counts, succeeded } = metrics
  const onDestroyed = (vroegsignalen: number) => counts.destroyed({}, vroegsignalen)
  const sweeper = { database, keys: ring, clock, publicUrl, onDestroyed }
  const wakeSweeper = () => schedule?.wake()
  const { externalIssuers } = config
  const destroyNow = destroyerOf(sweeper, wakeSweeper)
  const reportUnreadable = (ids: readonly string[]) => {
    counts.unreadable({}, ids.length)
    logger.error({ ids, aantal: ids.length }, 'what cannot be opened was left out')
  }
  const cutOff = new AbortController()
  const { verzoeken, aanleveren, zoekvragen } = config
  const limits = { verzoeken, aanleveren, zoekvragen }
  const parts = {
    ...sweeper,
    keys,
    pages,
    figures,
    externalIssuers,
    destroyNow,
    wakeSweeper,
    reportUnreadable,
    limits,
    metrics
  }
  const hub = openHub({ ...parts, ending: cutOff.signal })
  const outgoing = openOutgoing({ networks: config.receiverNetworks })
  const readiness = reportFailures(logger, 'being ready')
  const standing = async (): Promise<Standing> =>
    keyRing === undefined
      ? { isServing: false }
      : standingOf(sweeper, keyPool, { readiness, connections, logger })
  observe(metrics, { databases: { database, pages, keeper, watcher }, keyPool, standing, clock, logger })
  const app = await buildApp({
    hub,
    logger,
    trustedProxies: config.trustedProxies,
    keepAlive: config.keepAlive,
    load: { maxEventLoopDelay: 1_000, maxHeapUsedBytes: 0.85 * getHeapStatistics().heap_size_limit },
    areMetricsApart: config.metricsPort !== undefined,
    securityContact: config.securityContact,
    spans,
    signDigest: config.signatory && openPayloadSigner(config.signatory, systemClock()()),
    outgoing,
    isReady: async () => (await standing()).isServing
  })
  closers.push(async () => {
    setTimeout(() => cutOff.abort(), lastRequests).unref()
    await app.close()
  })
  await app.listen({ host: config.host, port })

  const known = openKnownKeys(keeper)
  const opened = await retrying(logger, ending, () => prepare(config, addresses, { keyPool, known, clock }))
  const { databaseUrl, migratieDatabaseUrl = databaseUrl } = addresses
  await gatherStatistics(config.isMigrating ? migratieDatabaseUrl : databaseUrl, logger)
  await retrying(logger, ending, async () => {
    if (config.preparing === 'auto' && !(await keepsStatements(addresses.databaseUrl))) statements.lost()
  })
  await retrying(logger, ending, () => opened.requireTime())
  clockWatch = watchClock(opened, logger)
  closers.push(clockWatch.stop)
  const withKeys = { ...sweeper, keys: () => opened }
  // Before the hub is ready, which may take long: what must be destroyed does not wait for it.
  schedule = scheduleSweep(withKeys, config.vernietigingCron, logger, (isDone) => {
    counts.sweeps({ result: isDone ? 'done' : 'failed' })
    if (isDone) succeeded('vernietiging')
  })
  closers.push(schedule.stop)
  await retrying(logger, ending, () => bringInStep(withKeys))
  const madeClient = await retrying(logger, ending, () => firstClient(config, hub, opened, logger))
  keyRing = opened
  const onMatched = () => succeeded('matching')
  const stopMatching = scheduleMatching(database, logger, { isHeld: isDoubted, onMatched })
  const stopHerleiding = scheduleHerleiding({ ...sweeper, logger }, () => succeeded('herleiding'))
  const stopHerindeling = scheduleHerindeling(
    { ...sweeper, destroyNow, logger },
    { isHeld: isDoubted, onHerindeeld: () => succeeded('herindeling') }
  )
  const stopRefresh = scheduleKeyRefresh(opened, logger)
  const delivering = { ...withKeys, database: deliveries, machineClock: systemClock(), outgoing }
  const stopBezorging = scheduleBezorging(delivering, logger)
  closers.push(stopMatching, stopHerleiding, stopHerindeling, stopBezorging, async () => stopRefresh())
  const { dataDir, gone: databaseGone } = addresses
  return { url: publicUrl, madeClient, dataDir, databaseGone, stop }
}

// Not worth waiting for: the sweeper tries again, and so does the server by itself.
async function gatherStatistics(url: string, logger: Logger): Promise<void> {
  try {
    const unknown = await analyze(url)
    if (unknown.length > 0)
      logger.warn({ unknown }, 'tables without statistics, which may make the hub slow: ANALYZE')
  } catch (err) {
    logger.warn({ err }, 'gathering statistics failed')
  }
}

function statementNamesOf({ preparing }: Config, logger: Logger): StatementNames {
  if (preparing === 'nee') return noStatementNames
  if (preparing === 'ja') return openStatementNames()
  return openStatementNames(() =>
    logger.warn(
      'DATABASE_URL: the server, or a pooler before it, loses prepared statements, so the hub goes on without; with PgBouncer set max_prepared_statements (1.21 or newer)'
    )
  )
}

async function prepare(
  config: Config,
  addresses: Addresses,
  { keyPool, known, clock }: { keyPool: KeyPool; known: KnownKeys; clock: Hub['clock'] }
): Promise<KeyRing> {
  const { databaseUrl, sleutelDatabaseUrl } = addresses
  if (config.isMigrating && config.sleutelDatabaseUrl === undefined)
    await ensureDatabase(databaseUrl, databaseOf(sleutelDatabaseUrl))
  await prepareDatabase(
    {
      name: 'DATABASE_URL',
      url: databaseUrl,
      ownerUrl: addresses.migratieDatabaseUrl,
      folder: migrations
    },
    config
  )
  await prepareDatabase(
    {
      name: 'SLEUTEL_DATABASE_URL',
      url: sleutelDatabaseUrl,
      ownerUrl: addresses.migratieSleutelDatabaseUrl,
      folder: join(migrations, 'sleutels')
    },
    config
  )
  return openConfiguredKeys(config, keyPool, clock, known)
}

// A database that is not there yet is waited for, and so is a newer copy of the key database, or a clock that can be
// believed: rows whose day has come are hidden meanwhile. Anything else is a mistake that waiting does not mend.
async function retrying<Result>(
  logger: Logger,
  ending: AbortSignal | undefined,
  work: () => Promise<Result>
): Promise<Result> {
  const { failed, worked } = reportFailures(logger, 'reaching DATABASE_URL and SLEUTEL_DATABASE_URL')
  for (;;) {
    ending?.throwIfAborted()
    try {
      const result = await work()
      worked()
      return result
    } catch (err) {
      if (err instanceof DaysLost || err instanceof ClockDoubted) logger.error(err.message)
      else if (err instanceof TablesInUse) logger.warn(err.message)
      else if (isTemporary(err)) failed(err)
      else throw err
      await sleep(retryDelay, undefined, ending && { signal: ending })
    }
  }
}

async function standingOf(
  sweeper: Sweeper,
  keyPool: KeyPool,
  { readiness, connections, logger }: { readiness: Failures; connections: Failures; logger: Logger }
): Promise<Standing> {
  try {
    await Promise.all([sweeper.database.ping(), keyPool.ping()])
    const fault = await whyOutOfStep(sweeper)
    if (fault !== undefined) logger.error(fault)
    readiness.worked()
    connections.worked()
    return { isServing: fault === undefined, isInStep: fault === undefined }
  } catch (err) {
    readiness.failed(err)
    return { isServing: false }
  }
}

function observe(
  metrics: Metrics,
  {
    databases,
    keyPool,
    standing,
    clock,
    logger
  }: {
    databases: Readonly<Record<string, Database>> & { readonly watcher: Database }
    keyPool: KeyPool
    standing: () => Promise<Standing>
    clock: Clock
    logger: Logger
  }
): void {
  const waiting = openWaitingFigures(() => performance.now())
  const figures = () => [...waiting, ...lateFigures(horizonAt(clock()))]
  const failures = reportFailures(logger, 'reading figures for /metrics')
  metrics.watchProcess()
  // First, or they would show the connections that the rest uses to look.
  metrics.observe(() => poolReadings(connectionsPerPool(databases, keyPool)))
  metrics.observe(openStandingReadings(standing))
  metrics.observe(openDatabaseReadings(databases.watcher, figures, failures))
}

function connectionsPerPool(databases: Readonly<Record<string, Database>>, keyPool: KeyPool) {
  const perPool = Object.entries(databases).map(([name, { connections }]) => [name, connections()] as const)
  return { ...Object.fromEntries(perPool), keys: keyPool.connections() }
}

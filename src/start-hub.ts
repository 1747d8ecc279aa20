import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { scheduleMatching } from './huishoudens/schedule-matching.ts'
import { ensureBeheerClient, registerBeheerClient } from './organisaties/clients/register-beheer-client.ts'
import { keepSecret } from './platform/crypto/keep-secret.ts'
import { type KeyRing, openKeyRing } from './platform/crypto/key-ring.ts'
import { isTemporary } from './platform/database/database-errors.ts'
import {
  databaseOf,
  ensureDatabase,
  isSuperuser,
  withDatabase
} from './platform/database/ensure-databases.ts'
import { migrate, missingMigrations } from './platform/database/migrate.ts'
import { type ConnectionPool, openDatabase, openPool, ping } from './platform/database/open-database.ts'
import { type EmbeddedDatabases, openEmbeddedDatabases } from './platform/embedded/embedded-databases.ts'
import { later } from './platform/http/problem.ts'
import { systemClock } from './time.ts'
import { type Hub, openHub } from './toegang/hub.ts'
import { type SweepSchedule, scheduleSweep } from './vernietiging/schedule-sweep.ts'
import { destroyerOf } from './vernietiging/sweep.ts'
import { scheduleHerleiding } from './wijzigingen/herleiding/schedule-herleiding.ts'

export type RunningHub = {
  readonly url: string
  /** The operator's first client, when this start made it: the only time its secret is known. */
  readonly madeClient: { clientId: string; clientSecret: string } | undefined
  stop(): Promise<void>
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const retryDelay = 1_000

type Addresses = { databaseUrl: string; sleutelDatabaseUrl: string; migratieDatabaseUrl: string }
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
  const addresses = await openAddresses(config, closers)
  const clock = systemClock(config.proefKlok)
  const onError = (err: Error) => logger.warn({ err }, 'database connection lost')
  const { poolSize, isPreparing } = config
  const database = openDatabase({ url: addresses.databaseUrl, poolSize, isPreparing, clock, onError })
  const keyPool = openPool(addresses.sleutelDatabaseUrl, 4, onError)
  closers.push(() => keyPool.end(), database.close)

  let keyRing: KeyRing | undefined
  let schedule: SweepSchedule | undefined
  const keys = () => {
    if (keyRing === undefined) throw later(2)
    return keyRing
  }
  const publicUrl = config.publicUrl ?? `http://${config.host}:${port}`
  const sweeper = { database, keys, clock, publicUrl }
  const wakeSweeper = () => schedule?.wake()
  const { externalIssuers } = config
  const destroyNow = destroyerOf(sweeper, wakeSweeper)
  const hub = openHub({ ...sweeper, externalIssuers, destroyNow, wakeSweeper })
  const app = await buildApp({
    hub,
    logger,
    trustedProxies: config.trustedProxies,
    isReady: () => answers(keyRing !== undefined, [database.ping(), ping(keyPool)])
  })
  closers.push(() => app.close())
  await app.listen({ host: config.host, port })

  const opened = await retrying(logger, ending, () => prepare(config, addresses, keyPool, clock))
  const madeClient = await retrying(logger, ending, () => firstClient(config, hub, opened))
  keyRing = opened
  const stopMatching = scheduleMatching(database, logger)
  const stopHerleiding = scheduleHerleiding({ ...sweeper, logger })
  schedule = scheduleSweep(sweeper, config.vernietigingCron, logger)
  closers.push(stopMatching, stopHerleiding, schedule.stop)
  return { url: publicUrl, madeClient, stop }
}

async function openAddresses(config: Config, closers: Closer[]): Promise<Addresses> {
  const { databaseUrl, sleutelDatabaseUrl, migratieDatabaseUrl } = config
  if (databaseUrl !== undefined) {
    return {
      databaseUrl,
      sleutelDatabaseUrl:
        sleutelDatabaseUrl ?? withDatabase(databaseUrl, `${databaseOf(databaseUrl)}_sleutels`),
      migratieDatabaseUrl: migratieDatabaseUrl ?? databaseUrl
    }
  }
  const embedded = await openEmbedded(config.dataDir)
  closers.push(embedded.stop)
  const url = embedded.url('signaalhub')
  return {
    databaseUrl: url,
    sleutelDatabaseUrl: embedded.url('signaalhub_sleutels'),
    migratieDatabaseUrl: url
  }
}

async function openEmbedded(dataDir: string): Promise<EmbeddedDatabases> {
  try {
    return await openEmbeddedDatabases(dataDir, 'signaalhub', ['signaalhub', 'signaalhub_sleutels'])
  } catch (cause) {
    const { message } = cause as Error
    throw new Error(
      `Without DATABASE_URL the hub runs a PostgreSQL of its own in DATA_DIR. That failed: ${message}`,
      {
        cause
      }
    )
  }
}

async function prepare(
  config: Config,
  { databaseUrl, sleutelDatabaseUrl, migratieDatabaseUrl }: Addresses,
  keyPool: ConnectionPool,
  clock: Hub['clock']
): Promise<KeyRing> {
  for (const [name, url] of Object.entries({
    DATABASE_URL: databaseUrl,
    SLEUTEL_DATABASE_URL: sleutelDatabaseUrl
  })) {
    if (config.isProduction && (await isSuperuser(url))) {
      throw new Error(`${name}: the login is a superuser; give the service a login without rights of its own`)
    }
  }
  const keyMigrations = join(migrations, 'sleutels')
  if (config.isMigrating) {
    if (config.sleutelDatabaseUrl === undefined)
      await ensureDatabase(databaseUrl, databaseOf(sleutelDatabaseUrl))
    await migrate(migratieDatabaseUrl, migrations)
    await migrate(sleutelDatabaseUrl, keyMigrations)
  } else {
    const missing = [
      ...(await missingMigrations(databaseUrl, migrations)),
      ...(await missingMigrations(sleutelDatabaseUrl, keyMigrations))
    ]
    if (missing.length > 0)
      throw new Error(`MIGREREN=nee, but these migrations are missing: ${missing.join(', ')}`)
  }
  return openKeyRing(keyPool, await openKek(config), clock)
}

async function openKek({ kek, dataDir }: Config) {
  if (kek !== undefined) return createSecretKey(Buffer.from(kek, 'base64'))
  await mkdir(dataDir, { recursive: true, mode: 0o711 })
  const kept = await keepSecret(join(dataDir, 'kek'), () => randomBytes(32).toString('base64'))
  return createSecretKey(Buffer.from(kept, 'base64'))
}

async function firstClient({ beheer, databaseUrl }: Config, { database, clock }: Hub, keys: KeyRing) {
  if (beheer !== undefined) await registerBeheerClient(database, keys, beheer, clock())
  if (beheer !== undefined || databaseUrl !== undefined) return undefined
  return ensureBeheerClient(database, keys, clock())
}

// A database that is not there yet is waited for; anything else is a mistake that waiting does not mend.
async function retrying<Result>(
  logger: Logger,
  ending: AbortSignal | undefined,
  work: () => Promise<Result>
): Promise<Result> {
  for (;;) {
    ending?.throwIfAborted()
    try {
      return await work()
    } catch (err) {
      if (!isTemporary(err)) throw err
      logger.warn({ err }, 'waiting for the database')
      await sleep(retryDelay, undefined, ending && { signal: ending })
    }
  }
}

async function answers(isOpen: boolean, pings: readonly Promise<unknown>[]): Promise<boolean> {
  const results = await Promise.allSettled(pings)
  return isOpen && results.every(({ status }) => status === 'fulfilled')
}

// Tried before anything else is opened, so that a port in use stops the start and touches nothing.
async function choosePort({ host, port }: Config): Promise<number> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(port, host, resolve))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw cause
    throw new Error(`PORT: ${port} is in use; choose another, as in PORT=${port + 1} npm start`, { cause })
  }
  const chosen = (probe.address() as { port: number }).port
  await new Promise((resolve) => probe.close(resolve))
  return chosen
}

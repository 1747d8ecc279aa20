import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { identityOf, type OrdinaryUser, ordinaryUser, plainEnvironment } from './ordinary-user.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { type Cluster, clusterUrl, isMade, locateCluster, makeCluster } from './postgres-cluster.ts'
import {
  findPostmaster,
  interrupt,
  isAlive,
  type Postmaster,
  stopPostmaster,
  waitUntilReady
} from './postmaster.ts'

/** A PostgreSQL of the hub's own, on loopback only. */
export type EmbeddedPostgres = {
  /** The address of a database for the superuser, password included. */
  readonly url: (database: string) => string
  readonly port: number
  /** True when this start made the cluster. */
  readonly isNew: boolean
  readonly dataDir: string
  readonly stop: () => Promise<void>
}

type Settings = Readonly<Record<string, string | number>>

/** `durable: false` gives up safety against power loss for speed; `settings` win from the hub's own. */
export type EmbeddedPostgresOptions = {
  readonly dir: string
  readonly durable?: boolean
  readonly settings?: Settings
}

// No statement, parameter or failing value may reach the server's log: they hold personal data.
const quiet = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0
}
const loopbackOnly = { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Starts the PostgreSQL of `dir`, made on the first start; takes over one that a killed hub left running. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dir, durable = true, settings } = options
  const user = ordinaryUser()
  const cluster = locateCluster(dir, user)
  const left = await findPostmaster(cluster.dataDir)
  const adopted = left && (await waitUntilReady(cluster.dataDir, left.pid, () => isAlive(left.pid)))
  if (adopted) return present(cluster, adopted, false)

  const { initdb, postgres } = findPostgresBinaries(user)
  const isNew = !isMade(cluster)
  if (isNew) makeCluster(cluster, user, initdb, durable)
  const all = { ...loopbackOnly, ...quiet, jit: 'off', ...(durable ? {} : careless), ...settings }
  return present(cluster, await launch(cluster, user, postgres, all), isNew)
}

function present(cluster: Cluster, { pid, port }: Postmaster, isNew: boolean): EmbeddedPostgres {
  const interruptAtExit = () => interrupt(pid, 'SIGINT')
  process.once('exit', interruptAtExit)
  const stop = async () => {
    await stopPostmaster(cluster.dataDir, pid)
    process.off('exit', interruptAtExit)
  }
  return {
    url: (database) => clusterUrl(cluster, port, database),
    port,
    isNew,
    dataDir: cluster.dataDir,
    stop
  }
}

async function launch(
  cluster: Cluster,
  user: OrdinaryUser | undefined,
  postgres: string,
  settings: Settings,
  attempts = 3
): Promise<Postmaster> {
  const ready = await tryLaunch(cluster, user, postgres, { ...settings, port: await freePort() })
  if (ready) return ready
  const log = readFileSync(cluster.logFile, 'utf8')
  // Between asking for a free port and using it, somebody else may have taken it.
  if (attempts > 1 && log.includes('could not bind')) {
    return launch(cluster, user, postgres, settings, attempts - 1)
  }
  throw new Error(`The embedded PostgreSQL did not start:\n${log.slice(-2000).trim()}`)
}

async function tryLaunch(
  { dataDir, logFile }: Cluster,
  user: OrdinaryUser | undefined,
  postgres: string,
  settings: Settings
): Promise<Postmaster | undefined> {
  const log = openSync(logFile, 'w', 0o600)
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', dataDir, ...args], {
    ...identityOf(user),
    cwd: '/',
    env: plainEnvironment,
    // A group of its own: Ctrl-C in a terminal would otherwise stop the database before the hub.
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true
  })
  closeSync(log)
  child.unref()
  const failure = new Promise<never>((_, reject) => child.once('error', reject))
  const { pid = 0 } = child
  return Promise.race([
    failure,
    waitUntilReady(dataDir, pid, () => child.exitCode === null && !child.signalCode)
  ])
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()))
  })
  return promise
}

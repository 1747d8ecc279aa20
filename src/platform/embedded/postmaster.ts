import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasNoSpace, noSpaceOn } from './no-space.ts'
import { type OrdinaryUser, runAs } from './ordinary-user.ts'

/** The server of one data folder: the `pg_ctl` that controls it, and the user it runs as. */
export type Postmaster = {
  readonly pgCtl: string
  readonly dataDir: string
  readonly user: OrdinaryUser | undefined
}

/** What the server is started with: no spaces or quotes, because pg_ctl hands it to a shell. */
export type Settings = Readonly<Record<string, string | number>>

/** Starts the server and waits until it accepts connections. The error tells what the server logged. */
export async function startPostmaster(postmaster: Postmaster, settings: Settings): Promise<void> {
  const log = join(postmaster.dataDir, 'postgres.log')
  rmSync(log, { force: true })
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  try {
    await control(postmaster, 'start', '-w', '-l', log, '-o', options.join(' '))
  } catch (cause) {
    const said = read(log) ?? (cause as Error).message
    if (hasNoSpace(said) || hasNoSpace(cause)) throw noSpaceOn(postmaster.dataDir, cause)
    throw new Error(`PostgreSQL did not start:\n${said.trim()}${helpWith(said, postmaster)}`, { cause })
  }
}

/**
 * Stops the server, if it runs: orderly, without waiting for clients; after ten seconds at once.
 * Called while the process exits it sends the signal, and pg_ctl does the rest.
 */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  if (!isRunning(postmaster)) return
  await stop(postmaster, 'fast').catch(async () => {
    // It also fails when the server dies meanwhile.
    if (isRunning(postmaster)) await stop(postmaster, 'immediate')
  })
}

/** Whether the server runs. */
export function isRunning(postmaster: Postmaster): boolean {
  return holderOf(postmaster) === 'server'
}

/** Ends what a killed process left: its server, or the file of a server that is gone. */
export async function clearLeftovers(postmaster: Postmaster): Promise<void> {
  await stopPostmaster(postmaster)
  const holder = holderOf(postmaster)
  // In a new container another process often has the old pid, and PostgreSQL refuses to start while it lives.
  if (holder === 'other') rmSync(pidFile(postmaster), { force: true })
  // A zombie counts as alive until its parent collects it; pg_ctl waits for that.
  if (holder === 'zombie') await stop(postmaster, 'fast').catch(() => undefined)
}

function stop(postmaster: Postmaster, mode: 'fast' | 'immediate'): Promise<string> {
  return control(postmaster, 'stop', '-m', mode, '-t', '10')
}

function control(
  { pgCtl, dataDir, user }: Postmaster,
  action: string,
  ...options: string[]
): Promise<string> {
  return runAs(user, pgCtl, [action, '-s', '-D', dataDir, ...options])
}

function helpWith(said: string, postmaster: Postmaster): string {
  if (!/lock file|PID file/.test(said)) return ''
  return `\nIf no PostgreSQL runs on this folder, remove ${pidFile(postmaster)} and start again.`
}

const pidFile = ({ dataDir }: Postmaster) => join(dataDir, 'postmaster.pid')

// pg_ctl signals whatever process has the pid in the file, so this looks first at what that process runs.
function holderOf(postmaster: Postmaster): 'server' | 'zombie' | 'other' | undefined {
  const [pid] = read(pidFile(postmaster))?.split('\n') ?? []
  const command = pid ? commandOf(pid, postmaster) : undefined
  if (command === undefined) return undefined
  if (command === '') return 'zombie'
  return command.includes(postmaster.dataDir) ? 'server' : 'other'
}

function commandOf(pid: string, { pgCtl, dataDir }: Postmaster): string | undefined {
  if (process.platform === 'linux') return read(`/proc/${pid}/cmdline`)
  // On Windows pg_ctl reaches a PostgreSQL only.
  if (process.platform === 'win32')
    return spawnSync(pgCtl, ['status', '-D', dataDir]).status === 0 ? dataDir : undefined
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', pid], { encoding: 'utf8' }).stdout || undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

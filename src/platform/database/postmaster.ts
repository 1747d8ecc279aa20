import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a running PostgreSQL writes of itself in `postmaster.pid`. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly status: string }

const startMilliseconds = 60_000
const stopMilliseconds = 10_000

/** The PostgreSQL that already runs on this data folder, left by a hub that was killed. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const found = readPidFile(dataDir)
  if (!found || !isAlive(found.pid)) return undefined
  const program = programOf(found.pid)
  if (program.startsWith('postgres') && found.status !== 'stopping') return found
  if (program.startsWith('postgres') || program === '') {
    // On its way out, or dead and not yet buried; PostgreSQL itself judges what it left behind.
    await until(() => isGone(dataDir, found.pid), stopMilliseconds)
    return undefined
  }
  // In a new container the old pid is often a thread of the hub, and PostgreSQL refuses while it lives.
  rmSync(join(dataDir, 'postmaster.pid'), { force: true })
  return undefined
}

/** Waits until that PostgreSQL accepts connections; undefined when it ended before. */
export async function waitUntilReady(
  dataDir: string,
  pid: number,
  isRunning: () => boolean
): Promise<Postmaster | undefined> {
  let ready: Postmaster | undefined
  const isDecided = async () => {
    const found = readPidFile(dataDir)
    if (found?.pid === pid && found.status === 'ready' && (await accepts(found.port))) ready = found
    return ready !== undefined || !isRunning()
  }
  if (await until(isDecided, startMilliseconds)) return ready
  throw new Error(`The embedded PostgreSQL (process ${pid} in ${dataDir}) accepts no connections`)
}

/** Ends PostgreSQL and waits for it: orderly, without waiting for clients; after ten seconds at once. */
export async function stopPostmaster(dataDir: string, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    interrupt(pid, signal)
    if (await until(() => isGone(dataDir, pid), stopMilliseconds)) return
  }
  throw new Error(`The embedded PostgreSQL (process ${pid}) does not stop`)
}

/** Sends the signal when there is still a process to take it. */
export function interrupt(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal)
}

function readPidFile(dataDir: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    return pid > 0 ? { pid, port, status: (lines[7] ?? '').trim() } : undefined
  } catch {
    return undefined
  }
}

/** Whether there is a process with this pid. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Removing its file is the last thing a postmaster does; a dead one may stay a zombie for seconds. */
function isGone(dataDir: string, pid: number): boolean {
  return readPidFile(dataDir)?.pid !== pid || !isAlive(pid)
}

/** The name of the program behind a pid: empty for a zombie, `postgres` where it cannot be asked. */
function programOf(pid: number): string {
  if (process.platform !== 'linux') return 'postgres'
  try {
    return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '')
  } catch {
    return isAlive(pid) ? 'postgres' : ''
  }
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

async function until(isDone: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds
  while (performance.now() < deadline) {
    if (await isDone()) return true
    await sleep(10)
  }
  return false
}

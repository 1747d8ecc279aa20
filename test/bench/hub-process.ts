import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/platform/free-port.ts'
import { settings } from './settings.ts'

const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url))
const startLimit = 60_000
const stopLimit = 30_000

/** A hub in a separate process. */
export type HubProcess = {
  readonly url: string
  /** The peak memory so far, in MB. NaN when the system does not report it. */
  peakMemory(): number
  stop(): Promise<void>
}

/** Starts a hub that logs at the usual level, discards the log, and waits until it is ready. */
export async function startHubProcess(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const port = await freePort()
  const profile = settings.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${settings.profileDir}`] : []
  // The same options as in `npm start`.
  const options = ['--max-semi-space-size=8', ...profile]
  const child = spawn(process.execPath, [...options, server], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info', ...env },
    // A separate process group: Ctrl-C reaches only the bench, which then stops the hub.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore']
  })
  endWithUs(child)
  const url = `http://127.0.0.1:${port}`
  const stop = () => stopChild(child)
  try {
    await untilReady(child, url)
  } catch (cause) {
    await stop()
    throw cause
  }
  return { url, peakMemory: () => peakMemoryOf(child.pid!), stop }
}

/** Kills the process when the bench ends, also when it is interrupted while the process starts. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}

/** Stops a process with SIGTERM, and with SIGKILL when that takes too long. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimit)
  await ended
  clearTimeout(timer)
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + startLimit
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('De hub eindigde bij het starten; start hem met de hand om te zien waarom.')
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.text()
    if (answer?.status === 200) return
    await sleep(20)
  }
  throw new Error('De hub was na een minuut nog niet gereed.')
}

function peakMemoryOf(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes) / 1024
  } catch {
    return Number.NaN
  }
}

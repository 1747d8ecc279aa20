import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

type LogLine = { readonly msg?: string; readonly url?: string }

/** The hub in a separate process. */
export type ServerProcess = {
  readonly pid: number
  /** Every line it wrote to stdout. */
  readonly lines: string[]
  /** The first log line with this message. Rejects when the process ends without it. */
  said(msg: string): Promise<LogLine>
  /** The first log line whose message matches. Rejects when the process ends without it. */
  matching(msg: RegExp): Promise<LogLine>
  /** Sends a signal and resolves with the exit code, or null when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Sends a signal that it lives through. */
  signal(signal: NodeJS.Signals): void
  /** What it wrote to stderr. */
  readonly complaints: readonly string[]
  /** The exit code, when it ends by itself. */
  ended(): Promise<number | null>
}

const ownServer = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

/**
 * Starts `src/server.ts`, of this source or of another, with these settings and, apart from PATH, no other environment;
 * `flags` are for node. Ends it with the test.
 */
export function startServer(
  t: Test,
  settings: Record<string, string>,
  flags: readonly string[] = [],
  server: string = ownServer
): ServerProcess {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [...flags, server], {
    env: { PATH, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines: string[] = []
  const waiting = new Set<(line: LogLine) => void>()
  const complaints: string[] = []
  child.stderr.on('data', (chunk) => complaints.push(String(chunk)))
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    if (waiting.size === 0) return
    const read: LogLine = JSON.parse(line)
    for (const look of waiting) look(read)
  })
  t.teardown(() => endChild(child, 'SIGKILL', exited))
  const found = (isIt: (msg: string) => boolean) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = (line: LogLine) => {
        if (!isIt(line.msg ?? '')) return
        waiting.delete(look)
        resolve(line)
      }
      waiting.add(look)
      for (const line of lines) look(JSON.parse(line))
      exited.then((code) => reject(new Error(`ended with ${code} before the line: ${complaints.join('')}`)))
    })
  const said = (msg: string) => found((one) => one === msg)
  const matching = (msg: RegExp) => found((one) => msg.test(one))
  const send = (signal: NodeJS.Signals) => void child.kill(signal)
  return {
    pid: child.pid!,
    lines,
    complaints,
    said,
    matching,
    signal: send,
    end: (signal) => endChild(child, signal, exited),
    ended: () => exited
  }
}

function endChild(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  return exited
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url))
const startLimit = 60_000
const stopLimit = 20_000

/** A hub in a separate process. */
export type HubProcess = {
  readonly url: string
  /** Everything it wrote to stdout and stderr so far. */
  output(): string
  /** Asks it to stop and gives its exit code. Kills it when it takes too long. */
  stop(): Promise<number | null>
}

/** Starts a hub on a free loopback port and waits until it is ready. Throws with its output when it exits first. */
export async function startHubProcess(settings: Readonly<Record<string, string>>): Promise<HubProcess> {
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...settings },
    // A separate process group: Ctrl-C reaches only the demo, which then stops the hub.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const chunks: string[] = []
  const output = () => chunks.join('')
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => void chunks.push(chunk))
  }
  const stop = () => stopProcess(child)
  try {
    return { url: await readyUrl(child, output), output, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const fail = (why: string) => reject(new Error(`De hub startte niet (${why}):\n${output().slice(-2000)}`))
  const timer = setTimeout(() => fail('duurde te lang'), startLimit)
  child.once('error', reject)
  child.once('exit', (code, signal) => fail(`eindigde met ${code ?? signal}`))
  const look = () => {
    const url = /"url":"(http[^"]+)","msg":"gereed"/.exec(output())?.[1]
    if (url) resolve(url)
  }
  child.stdout!.on('data', look)
  return promise.finally(() => {
    clearTimeout(timer)
    child.stdout!.off('data', look)
  })
}

async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimit)
  await ended
  clearTimeout(timer)
  return child.exitCode
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { openLogger } from '../../src/platform/http/logger.ts'
import { type RunningHub, startHub } from '../../src/start-hub.ts'
import { fetchToken } from '../demo/open-party.ts'
import type { Party, TestHub } from './test-hub.ts'

/** A hub that was started as `npm start` does it, beside the one of a test. */
export type SecondHub = {
  readonly url: string
  readonly logLines: readonly string[]
  /** Status and body of a GET by a client of the first hub. */
  get(party: Party, path: string): Promise<{ status: number; body: string }>
  post(party: Party, path: string, body: object): Promise<{ status: number; body: string }>
  /** Status of /health/ready. */
  ready(): Promise<number>
  stop(): Promise<void>
}

type Where = {
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  readonly now: string
  /** Settings besides these. */
  readonly settings?: Record<string, string>
}

/** Starts a hub on databases, with the KEK of `first`, and waits until it listens or fails; `isReady` settles when it is ready. */
export async function startSecondHub(
  t: Test,
  first: TestHub,
  { databaseUrl, sleutelDatabaseUrl, now, settings = {} }: Where
): Promise<SecondHub & { isReady: Promise<RunningHub> }> {
  const port = String(20_000 + Math.floor(Math.random() * 10_000))
  const logLines: string[] = []
  const logger = openLogger('info', { write: (line: string) => void logLines.push(line) })
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: port,
    DATABASE_URL: databaseUrl,
    SLEUTEL_DATABASE_URL: sleutelDatabaseUrl,
    KEK: first.kek,
    PROEF_KLOK: now,
    ...settings
  })
  const ending = new AbortController()
  const isReady = startHub(config, logger, ending.signal)
  isReady.catch(() => undefined)
  const stop = async () => {
    ending.abort()
    const running = await isReady.catch(() => undefined)
    await running?.stop()
  }
  t.teardown(stop)
  const url = `http://127.0.0.1:${port}`
  const tokens = new Map<Party, string>()
  const send = async (party: Party, path: string, init: RequestInit = {}) => {
    if (!tokens.has(party)) tokens.set(party, await fetchToken(url, party))
    const headers = { authorization: `Bearer ${tokens.get(party)}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}${path}`, { ...init, headers })
    return { status: answer.status, body: await answer.text() }
  }
  await Promise.race([untilListening(url), isReady.catch(() => undefined)])
  return {
    url,
    logLines,
    isReady,
    stop,
    get: (party, path) => send(party, path),
    post: (party, path, body) => send(party, path, { method: 'POST', body: JSON.stringify(body) }),
    ready: async () => (await fetch(`${url}/health/ready`)).status
  }
}

async function untilListening(url: string): Promise<void> {
  for (;;) {
    if (await fetch(`${url}/health/live`).catch(() => undefined)) return
    await sleep(20)
  }
}

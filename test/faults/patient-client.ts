import { setTimeout as sleep } from 'node:timers/promises'
import { type Credentials, fetchToken } from '../demo/open-party.ts'

/** An answer, and how many times it was asked for. */
export type Definite = {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
  readonly attempts: number
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many operations
  json(): any
}

export type Call = {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** A client that repeats each request, at any instance, until the answer is a definite one. */
export type PatientClient = {
  send(call: Call): Promise<Definite>
  get(path: string): Promise<Definite>
  post(path: string, body: object, key: string, headers?: Record<string, string>): Promise<Definite>
}

/** What clients saw that is no good whatever goes on. */
export type Complaints = string[]

const patience = 90_000
const longestWait = 15_000
// What says that it was not done now; another 409 is about the request itself.
const notNow = /verzoek-loopt-nog|aanlevering-loopt-al/

/**
 * Opens a client of the hubs at these addresses. `seen` hears of every body that it was sent. A status of 5xx other than 503,
 * a 503 without Retry-After, and an answer that takes too long are complaints.
 */
export function openPatientClient(
  urls: () => readonly string[],
  credentials: Credentials,
  complaints: Complaints,
  seen: (body: string) => void = () => undefined
): PatientClient {
  let token: string | undefined
  let turn = Math.floor(Math.random() * 100)
  const tokenOf = async (url: string) => {
    token ??= await fetchToken(url, credentials)
    return token
  }
  const attempt = async (url: string, { method, path, body, headers }: Call) => {
    const began = performance.now()
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await tokenOf(url)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(60_000)
    })
    const text = await answer.text()
    seen(text)
    const took = performance.now() - began
    if (took > longestWait) complaints.push(`${method} ${pathOf(path)} took ${Math.round(took)} ms`)
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text }
  }
  const send = async (call: Call): Promise<Definite> => {
    const until = performance.now() + patience
    for (let attempts = 1; ; attempts += 1) {
      const all = urls()
      const url = all[turn++ % all.length]!
      const answer = await attempt(url, call).catch(() => undefined)
      if (answer !== undefined) {
        const { status, headers, text } = answer
        if (status === 401) token = undefined
        else if (status === 503 && !/^\d+$/.test(headers['retry-after'] ?? ''))
          complaints.push(`${call.method} ${pathOf(call.path)}: 503 without Retry-After`)
        else if (status >= 500 && status !== 503)
          complaints.push(`${call.method} ${pathOf(call.path)}: ${status} ${text}`)
        const isDefinite =
          status !== 401 && status < 500 && status !== 429 && !(status === 409 && notNow.test(text))
        if (isDefinite) {
          const json = () => JSON.parse(text)
          return { statusCode: status, headers, body: text, attempts, json }
        }
      }
      if (performance.now() > until)
        throw new Error(
          `no definite answer to ${call.method} ${pathOf(call.path)}: ${answer?.status} ${answer?.text}`
        )
      await sleep(50 + Math.random() * 200)
    }
  }
  return {
    send,
    get: (path) => send({ method: 'GET', path }),
    post: (path, body, key, headers = {}) =>
      send({
        method: 'POST',
        path,
        body: JSON.stringify(body),
        headers: { 'idempotency-key': key, ...headers }
      })
  }
}

function pathOf(path: string): string {
  return path.split('?')[0]!.replace(/[0-9a-f-]{36}/g, '{id}')
}

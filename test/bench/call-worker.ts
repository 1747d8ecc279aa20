import { Agent, request as httpRequest } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import type { Load, LoadResult } from './run-load.ts'

// This runs in a separate thread, so that work of the caller does not count as latency of the hub.
const load = workerData as Load
const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
const latencies: number[] = []
const deadline = performance.now() + load.seconds * 1000
let failures = 0
let isStopped = false
let sent = 0
parentPort!.once('message', () => {
  isStopped = true
})

const began = performance.now()
await Promise.all(Array.from({ length: load.connections }, (_, connection) => callOn(connection)))
const seconds = (performance.now() - began) / 1000
agent.destroy()
parentPort!.postMessage({ latencies, failures, seconds } satisfies LoadResult)
parentPort!.close()

async function callOn(connection: number): Promise<void> {
  const token = load.tokens[connection % load.tokens.length]!
  let next = load.path
  while (!isStopped && performance.now() < deadline) {
    const start = performance.now()
    const answer = await call(token, next)
    if (answer.status !== load.status) failures += 1
    else latencies.push(performance.now() - start)
    // After the last page it starts again at the first.
    if (load.templates === undefined) next = answer.next ?? load.path
  }
}

function call(token: string, path: string): Promise<{ status: number; next: string | undefined }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; next: string | undefined }>()
  const body = load.templates && bodyOf(sent++)
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(load.hasKey && { 'idempotency-key': `${load.name}-${sent}` })
  }
  const method = body ? 'POST' : 'GET'
  const asked = httpRequest(new URL(path, load.url), { method, agent, headers }, (answer) => {
    answer.resume().once('end', () => {
      const link = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
      resolve({ status: answer.statusCode ?? 0, next: link })
    })
  })
  asked.once('error', () => resolve({ status: 0, next: undefined }))
  asked.end(body)
  return promise
}

// Every body gets a new reference and a new home. Joining a few parts keeps that cheap.
function bodyOf(number: number): string {
  const [head, middle, tail] = load.templates![number % load.templates!.length]!
  return `${head}${load.name}-${number}${middle}${50_000 + (number % 49_000)}${tail}`
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { SenderConfig } from './sender-config.ts'

/** The counts that the hub returns for a delivery. */
export type Verslag = {
  id: string
  aantalRegels: number
  aantalOpgenomen: number
  aantalAfgewezen: number
  aantalOngewijzigd: number
}

/** One rejected line, with all its reasons. */
export type AfgewezenRegel = {
  regel: number
  referentie?: string
  errors: { location: string; code: string; detail: string; grondslag?: string }[]
}

const mediaTypes = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json'
}
const attempts = 8
const longestWait = 60_000

/**
 * Sends a file as one delivery. Retries after a broken connection and when the hub says `Retry-After`. The
 * Idempotency-Key follows from the content, so sending the same file twice has no second effect.
 * Throws an Error with the hub's own explanation when the delivery as a whole is refused.
 */
export async function sendFile(config: SenderConfig, onProgress: (share: number) => void): Promise<Verslag> {
  const { file, hubUrl } = config
  const key = `bestand-${await hashOf(file)}`
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(config, `${hubUrl}/v1/aanleveringen`, key, onProgress).catch(unlessRefused)
    if (!(answer instanceof Error) && answer.status === 201) return answer.json() as Promise<Verslag>
    const isWorthRetrying = answer instanceof Error || answer.headers.has('retry-after')
    if (!isWorthRetrying || attempt === attempts) throw await refusal(answer)
    await wait(answer instanceof Error ? undefined : answer.headers.get('retry-after'), attempt)
  }
}

// A refusal by the hub, not worth a retry; any other error may be a broken connection.
class Refusal extends Error {}

function unlessRefused(error: Error): Error {
  if (error instanceof Refusal) throw error
  return error
}

/** All rejected lines of a delivery, in order. */
export async function* listRejected(config: SenderConfig, id: string): AsyncGenerator<AfgewezenRegel> {
  let next: string | undefined =
    `${config.hubUrl}/v1/aanleveringen/${id}/regels?uitkomst=afgewezen&limit=1000`
  while (next !== undefined) {
    const answer: Response = await fetch(next, {
      headers: { authorization: `Bearer ${await fetchToken(config)}` }
    })
    if (!answer.ok) throw await refusal(answer)
    yield* ((await answer.json()) as { resultaten: AfgewezenRegel[] }).resultaten
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
}

async function post(config: SenderConfig, url: string, key: string, onProgress: (share: number) => void) {
  const { file } = config
  const token = await fetchToken(config)
  const isZipped = file.endsWith('.gz')
  const extension = (isZipped ? file.slice(0, -3) : file).split('.').at(-1) as keyof typeof mediaTypes
  const { size } = await stat(file)
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': mediaTypes[extension] ?? 'text/csv',
      'idempotency-key': key,
      ...(isZipped && { 'content-encoding': 'gzip' })
    },
    body: Readable.toWeb(Readable.from(reporting(file, size, onProgress))) as never,
    duplex: 'half'
  } as RequestInit)
}

async function* reporting(file: string, size: number, onProgress: (share: number) => void) {
  let sent = 0
  for await (const chunk of createReadStream(file)) {
    yield chunk
    sent += (chunk as Buffer).length
    onProgress(sent / size)
  }
}

async function fetchToken({ hubUrl, clientId, clientSecret }: SenderConfig): Promise<string> {
  const answer = await fetch(`${hubUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret
    })
  })
  if (!answer.ok) throw await refusal(answer)
  return ((await answer.json()) as { access_token: string }).access_token
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function refusal(answer: Response | Error): Promise<Error> {
  if (answer instanceof Error) return new Error('De hub is niet bereikbaar; probeer het later opnieuw.')
  const problem = (await answer.json().catch(() => ({}))) as {
    title?: string
    detail?: string
    errors?: AfgewezenRegel['errors']
  }
  const faults = (problem.errors ?? []).map(({ location, detail }) => `\n- ${location} ${detail}`)
  return new Refusal(`${answer.status} ${problem.title ?? ''}: ${problem.detail ?? ''}${faults.join('')}`)
}

function wait(retryAfter: string | null | undefined, attempt: number): Promise<void> {
  const milliseconds = retryAfter ? Number(retryAfter) * 1000 : 500 * 2 ** attempt
  return new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, longestWait)))
}

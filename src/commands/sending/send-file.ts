import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { systemClock } from '../../time.ts'

/** Where the hub is, and the client that sends. */
export type Sender = {
  readonly hubUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Goes on trying for as long as the hub is away or busy, instead of a few minutes. */
  readonly isPatient?: boolean
}

/** A body and the route that takes it. */
export type Sending = {
  readonly path: string
  readonly mediaType: string
  /** The Idempotency-Key: under the same one the body has no second effect. */
  readonly key: string
  readonly isGzip: boolean
  /** Opens the body from its start, for each attempt anew. */
  readonly open: (onProgress: OnProgress) => AsyncIterable<Buffer>
}

/** Hears which share of a file was read, from 0 to 1. */
export type OnProgress = (share: number) => void

const clock = systemClock()
const attempts = 8
const tooManyRequests = 429
const longestWait = 60_000

/**
 * Sends a body as one request and returns the answer. Retries after a broken connection and when the hub says
 * `Retry-After`.
 * Throws an Error with the hub's own explanation when the body as a whole is refused.
 */
export async function sendFile<Answer>(
  sender: Sender,
  sending: Sending,
  onProgress: OnProgress
): Promise<Answer> {
  const answer = await askUntilAnswered(sender, (authorization) =>
    fetch(`${sender.hubUrl}${sending.path}`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': sending.mediaType,
        'idempotency-key': sending.key,
        ...(sending.isGzip && { 'content-encoding': 'gzip' })
      },
      body: Readable.toWeb(Readable.from(sending.open(onProgress))) as never,
      duplex: 'half'
    } as RequestInit)
  )
  return answer.json() as Promise<Answer>
}

/**
 * Asks the hub under an access token until it has an answer, as `sendFile` does. Whoever is told that it asks too much
 * waits as long as it is told, however often. Throws an Error with the hub's own explanation when the answer is a refusal.
 */
export async function askUntilAnswered(
  sender: Sender,
  ask: (authorization: string) => Promise<Response>
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce(sender, ask).catch(unlessRefused)
    if (!(answer instanceof Error) && answer.ok) return answer
    const isWorthRetrying = answer instanceof Error || answer.headers.has('retry-after')
    if (!isWorthRetrying || (attempt >= attempts && !sender.isPatient)) throw await refusal(answer)
    await wait(answer instanceof Error ? undefined : answer.headers.get('retry-after'), attempt)
    if (!(answer instanceof Error) && answer.status === tooManyRequests) attempt -= 1
  }
}

// A token serves for half of its life; one that is refused before, after a restart perhaps, is replaced.
const tokens = new WeakMap<Sender, { readonly token: string; readonly until: number }>()

async function askOnce(sender: Sender, ask: (authorization: string) => Promise<Response>): Promise<Response> {
  const kept = tokens.get(sender)
  if (kept !== undefined && performance.now() < kept.until) {
    const answer = await ask(`Bearer ${kept.token}`)
    if (answer.status !== 401) return answer
  }
  const asked = await askToken(sender)
  if (!asked.ok) return asked
  const { access_token: token, expires_in: seconds } = (await asked.json()) as {
    access_token: string
    expires_in: number
  }
  tokens.set(sender, { token, until: performance.now() + seconds * 500 })
  return ask(`Bearer ${token}`)
}

function askToken({ hubUrl, clientId, clientSecret }: Sender): Promise<Response> {
  return fetch(`${hubUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret
    })
  })
}

// The hub's own explanation of an answer that is no success, or of having no answer.
async function refusal(answer: Response | Error): Promise<Error> {
  if (answer instanceof Error) {
    return new Error(`De hub is niet bereikbaar (${reasonOf(answer)}); probeer het later opnieuw.`)
  }
  const problem = (await answer.json().catch(() => ofProxy(answer.status))) as {
    title?: string
    detail?: string
    errors?: { location: string; detail: string }[]
    error?: string
    error_description?: string
  }
  const { title = problem.error ?? '', detail = problem.error_description ?? '' } = problem
  const faults = (problem.errors ?? []).map(({ location, detail }) => `\n- ${location} ${detail}`)
  return new Refusal(`${answer.status} ${title}: ${detail}${faults.join('')}`)
}

// Not worth a retry; any other error may be a broken connection.
class Refusal extends Error {}

function unlessRefused(error: Error): Error {
  if (error instanceof Refusal) throw error
  const reason = reasonOf(error)
  if (!/CERT|SIGNED|SIGNATURE|EPROTO|ERR_SSL/.test(reason)) return error
  throw new Refusal(
    `Er komt geen veilige verbinding met de hub tot stand (${reason}). Klopt HUB_URL, https of http? Staat het certificaat op naam van de hub, en is het geldig? Zet bij een eigen uitgever diens certificaat in NODE_EXTRA_CA_CERTS.`
  )
}

// The code of what fetch came across.
function reasonOf({ name, cause }: Error): string {
  return String((cause as { code?: unknown } | undefined)?.code ?? name)
}

// An answer that is no JSON comes from what stands before the hub.
function ofProxy(status: number): object {
  const title = 'geen antwoord van de hub maar van een proxy ervoor'
  if (status !== 413) return { title, detail: 'Vraag na bij de beheerder van de hub.' }
  const detail = 'Deze laat een bestand van deze grootte niet door (nginx: client_max_body_size).'
  return { title, detail: `${detail} Met gzip ingepakt (.gz) is het veel kleiner.` }
}

/** The bytes of a file as they are. */
export async function* readShowing(file: string, onProgress: OnProgress): AsyncGenerator<Buffer> {
  const { size } = await stat(file)
  let sent = 0
  for await (const chunk of createReadStream(file)) {
    yield chunk as Buffer
    sent += (chunk as Buffer).length
    onProgress(sent / size)
  }
}

/** The SHA-256 of a file, in hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

// Retry-After is a number of seconds or, from some proxies, a date.
function wait(retryAfter: string | null | undefined, attempt: number): Promise<void> {
  const asked = Number(retryAfter) * 1000 || Date.parse(retryAfter ?? '') - clock().getTime()
  const milliseconds = asked > 0 ? asked : 500 * 2 ** Math.min(attempt, 10)
  return new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, longestWait)))
}

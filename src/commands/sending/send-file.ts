import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'

/** Where the hub is, and the client that sends. */
export type Sender = { readonly hubUrl: string; readonly clientId: string; readonly clientSecret: string }

/** A file and the route that takes it. */
export type Sending = {
  readonly file: string
  readonly path: string
  readonly mediaType: string
  /** The Idempotency-Key: under the same one the file has no second effect. */
  readonly key: string
}

const attempts = 8
const longestWait = 60_000

/**
 * Sends a file as one request and returns the answer. Retries after a broken connection and when the hub says
 * `Retry-After`.
 * Throws an Error with the hub's own explanation when the file as a whole is refused.
 */
export async function sendFile<Answer>(
  sender: Sender,
  sending: Sending,
  onProgress: (share: number) => void
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(sender, sending, onProgress).catch(unlessRefused)
    if (!(answer instanceof Error) && answer.status === 201) return answer.json() as Promise<Answer>
    const isWorthRetrying = answer instanceof Error || answer.headers.has('retry-after')
    if (!isWorthRetrying || attempt === attempts) throw await refusal(answer)
    await wait(answer instanceof Error ? undefined : answer.headers.get('retry-after'), attempt)
  }
}

/** Gets an access token. Throws an Error with the hub's own explanation. */
export async function fetchToken({ hubUrl, clientId, clientSecret }: Sender): Promise<string> {
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

/** The hub's own explanation of an answer that is no success, or of having no answer. */
export async function refusal(answer: Response | Error): Promise<Error> {
  if (answer instanceof Error) return new Error('De hub is niet bereikbaar; probeer het later opnieuw.')
  const problem = (await answer.json().catch(() => ({}))) as {
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

// A refusal by the hub, not worth a retry; any other error may be a broken connection.
class Refusal extends Error {}

function unlessRefused(error: Error): Error {
  if (error instanceof Refusal) throw error
  return error
}

async function post(
  sender: Sender,
  { file, path, mediaType, key }: Sending,
  onProgress: (share: number) => void
) {
  const token = await fetchToken(sender)
  const { size } = await stat(file)
  return fetch(`${sender.hubUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': mediaType,
      'idempotency-key': key,
      ...(file.endsWith('.gz') && { 'content-encoding': 'gzip' })
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

/** The SHA-256 of a file, in hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function wait(retryAfter: string | null | undefined, attempt: number): Promise<void> {
  const milliseconds = retryAfter ? Number(retryAfter) * 1000 : 500 * 2 ** attempt
  return new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, longestWait)))
}

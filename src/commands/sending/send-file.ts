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
export async function fetchToken(sender: Sender): Promise<string> {
  const answer = await askToken(sender)
  if (!answer.ok) throw await refusal(answer)
  return tokenIn(answer)
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

async function tokenIn(answer: Response): Promise<string> {
  return ((await answer.json()) as { access_token: string }).access_token
}

/** The hub's own explanation of an answer that is no success, or of having no answer. */
export async function refusal(answer: Response | Error): Promise<Error> {
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
  return { title, detail: `${detail} Met gzip ingepakt (.gz) wordt het een tiende zo groot.` }
}

async function post(
  sender: Sender,
  { file, path, mediaType, key }: Sending,
  onProgress: (share: number) => void
) {
  const asked = await askToken(sender)
  if (!asked.ok) return asked
  const token = await tokenIn(asked)
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

/** The credentials of a client at the token endpoint. */
export type Credentials = { readonly clientId: string; readonly clientSecret: string }

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body }
// The demo trusts the contract. A body that breaks it shows up as an expectation that is not met.
// biome-ignore lint/suspicious/noExplicitAny: bodies of many operations
type Body = any

/** A caller of the hub with its own token. */
export type Party = {
  call(
    method: string,
    path: string,
    body?: object | string,
    headers?: Record<string, string>
  ): Promise<Answer>
  /** Every item of a collection, read along `Link: rel="next"`, and the number of pages. */
  all(path: string): Promise<{ items: Body[]; pages: number }>
}

/** Gets a token with client credentials. */
export async function fetchToken(url: string, { clientId, clientSecret }: Credentials): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret
  })
  const { body } = await send(`${url}/oauth/token`, { method: 'POST', body: form })
  return body.access_token
}

/** Gets a token with client credentials and calls with it. */
export async function openParty(url: string, credentials: Credentials): Promise<Party> {
  const authorization = `Bearer ${await fetchToken(url, credentials)}`
  const call: Party['call'] = (method, path, content, headers = {}) =>
    send(new URL(path, url).toString(), {
      method,
      headers: { authorization, ...contentType(content), ...headers },
      ...(content !== undefined && { body: typeof content === 'string' ? content : JSON.stringify(content) })
    })
  return { call, all: (path) => readAll(call, path) }
}

/** Fetches without a token. */
export async function fetchOpen(url: string): Promise<Answer> {
  return send(url, {})
}

/** The body of an answer with this status. Throws with the answer for any other status. */
export async function must(status: number, answer: Promise<Answer>): Promise<Body> {
  const { status: actual, body } = await answer
  if (actual === status) return body
  throw new Error(`De hub antwoordde ${actual} in plaats van ${status}: ${JSON.stringify(body)}`)
}

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

function contentType(content: object | string | undefined): Record<string, string> {
  if (content === undefined) return {}
  return { 'content-type': typeof content === 'string' ? 'text/csv' : 'application/json' }
}

async function readAll(call: Party['call'], path: string): Promise<{ items: Body[]; pages: number }> {
  const items: Body[] = []
  let next: string | undefined = path
  let pages = 0
  while (next !== undefined) {
    const answer = await call('GET', next)
    items.push(...(await must(200, Promise.resolve(answer))).resultaten)
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    pages += 1
  }
  return { items, pages }
}

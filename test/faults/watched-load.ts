import { todayIn } from '../../src/time.ts'
import type { Credentials } from '../demo/open-party.ts'
import { fetchToken } from '../demo/open-party.ts'
import { aSignalFor } from '../helpers/builders.ts'

/** One request and what came of it; status 0 when no answer came at all. */
export type Seen = {
  readonly what: string
  readonly status: number
  readonly milliseconds: number
  readonly isProblem: boolean
  readonly mayRetry: boolean
  /** The id of what was made. */
  readonly id: string | undefined
}

/** What is asked, over and over, by name. */
export type Requests = Readonly<Record<string, () => { path: string; init?: RequestInit }>>

/** The tokens of who asks, taken before anything breaks. */
export async function openRequests(
  url: string,
  who: { readonly beheer: Credentials; readonly partner: Credentials; readonly gemeente: Credentials }
): Promise<Requests> {
  const tokens = {
    beheer: await fetchToken(url, who.beheer),
    partner: await fetchToken(url, who.partner),
    gemeente: await fetchToken(url, who.gemeente)
  }
  const run = crypto.randomUUID().slice(0, 8)
  let made = 0
  const as = (party: keyof typeof tokens) => ({ authorization: `Bearer ${tokens[party]}` })
  const get = (party: keyof typeof tokens, path: string) => () => ({ path, init: { headers: as(party) } })
  const signal = () => {
    made += 1
    return aSignalFor('huur', {
      referentie: `W-${run}-${made}`,
      klantnummer: `K-${run}-${made}`,
      signaaldatum: todayIn(new Date()),
      adres: { huisnummer: 1 + (made % 200) }
    })
  }
  const post = (type: string, body: () => string, path: string) => () => ({
    path,
    init: { method: 'POST', headers: { ...as('partner'), 'content-type': type }, body: body() }
  })
  return {
    'POST vroegsignalen': post('application/json', () => JSON.stringify(signal()), '/v1/vroegsignalen'),
    'POST aanleveringen': post(
      'application/x-ndjson',
      () => Array.from({ length: 20 }, () => `${JSON.stringify(signal())}\n`).join(''),
      '/v1/aanleveringen'
    ),
    'GET huishoudens': get('gemeente', '/v1/huishoudens?limit=20'),
    'GET _deltas': get('gemeente', '/v1/huishoudens/_deltas?limit=20'),
    'GET vroegsignalen': get('partner', '/v1/vroegsignalen?limit=20'),
    'GET gemeenten': get('beheer', '/v1/gemeenten'),
    'POST token': () => ({
      path: '/oauth/token',
      init: {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: who.beheer.clientId,
          client_secret: who.beheer.clientSecret
        })
      }
    }),
    'GET criteria': () => ({ path: '/v1/criteria' }),
    'GET live': () => ({ path: '/health/live' }),
    'GET ready': () => ({ path: '/health/ready' })
  }
}

/** Asks everything from `atOnce` clients until `ends`, and waits for every answer. */
export async function ask(url: string, requests: Requests, ends: AbortSignal, atOnce = 8): Promise<Seen[]> {
  const seen: Seen[] = []
  const names = Object.keys(requests)
  const client = async (first: number) => {
    for (let turn = first; !ends.aborted; turn += 1)
      seen.push(await once(url, names[turn % names.length]!, requests))
  }
  await Promise.all(Array.from({ length: atOnce }, (_, n) => client(n)))
  return seen
}

/** Asks one thing once. */
export async function once(url: string, what: string, requests: Requests): Promise<Seen> {
  const { path, init = {} } = requests[what]!()
  const began = performance.now()
  try {
    const answer = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) })
    const text = await answer.text()
    const type = answer.headers.get('content-type') ?? ''
    return {
      what,
      status: answer.status,
      milliseconds: performance.now() - began,
      isProblem: type.startsWith(path.startsWith('/oauth') ? 'application/json' : 'application/problem+json'),
      mayRetry: /^\d+$/.test(answer.headers.get('retry-after') ?? ''),
      id: answer.status === 201 ? JSON.parse(text).id : undefined
    }
  } catch {
    const milliseconds = performance.now() - began
    return { what, status: 0, milliseconds, isProblem: false, mayRetry: false, id: undefined }
  }
}

/** How often each status was the answer. */
export function statuses(seen: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of seen) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

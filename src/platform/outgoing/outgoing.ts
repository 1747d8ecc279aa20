import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Bezorgfout } from '../../begrippen/abonnement.ts'
import { type AddressGuard, openAddressGuard } from './address-guard.ts'
import { openResolver, type ResolveHost } from './resolve-host.ts'

/** What came of a message: the status of the answer, or why there was none. `retryAfter` as the answer gave it. */
export type Posted =
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly fout: Exclude<Bezorgfout, 'doorverwijzing'> }

/** The way out of the hub, to addresses that others chose. */
export type Outgoing = {
  /** Why nothing may be sent to an address, for whoever chose it; undefined when it may, or when its name is not known yet. */
  refusalOf(url: string): Promise<string | undefined>
  /** Posts a message; never rejects. Follows no redirect and keeps nothing of what is answered. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted>
  close(): void
}

type Options = {
  /** Networks that are allowed although they are not public. */
  readonly networks?: readonly string[]
  readonly resolve?: ResolveHost
  /** Certificates of authorities that are trusted besides those of Node.js. */
  readonly ca?: string
  /** Milliseconds that a message may take, from looking up the name to the answer. */
  readonly timeout?: number
}

// Bytes, and milliseconds after the headers; of an answer only its status counts.
const maxHeaderSize = 8 * 1024
const maxBody = 4 * 1024
const bodyTimeout = 1_000

/**
 * Opens the way out. Each connection is made to an address that was looked up and judged for that very connection, so that a
 * name that points elsewhere the next moment brings nobody inside.
 */
export function openOutgoing({
  networks = [],
  resolve = openResolver(),
  ca,
  timeout = 10_000
}: Options = {}): Outgoing {
  const isAllowed = openAddressGuard(networks)
  const pooled = { keepAlive: true, maxFreeSockets: 8, timeout: 5_000 }
  const agents = {
    'http:': new HttpAgent(pooled),
    'https:': new HttpsAgent({ ...pooled, ...(ca && { ca }) })
  }
  const attempt = (given: string, headers: Readonly<Record<string, string>>, body: string) => {
    const url = new URL(given)
    const isPlain = url.protocol === 'http:'
    // A connection to a literal address looks nothing up.
    if (isIP(hostOf(url)) !== 0 && !isAllowed(hostOf(url), isPlain))
      return { fout: 'adres-geweigerd' } as const
    const options = {
      method: 'POST',
      agent: isPlain ? agents['http:'] : agents['https:'],
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: pinned(resolve, isAllowed, isPlain),
      maxHeaderSize,
      signal: AbortSignal.timeout(timeout)
    }
    return send((isPlain ? requestHttp : requestHttps)(url, options), body)
  }
  return {
    refusalOf: (url) => refusalOf(url, resolve, isAllowed, networks.length > 0),
    post: async (url, headers, body) => {
      const posted = await attempt(url, headers, body)
      return posted === 'stale' ? withoutStale(await attempt(url, headers, body)) : posted
    },
    close: () => Object.values(agents).forEach((agent) => void agent.destroy())
  }
}

function withoutStale(posted: Posted | 'stale'): Posted {
  return posted === 'stale' ? { fout: 'geen-verbinding' } : posted
}

async function refusalOf(
  given: string,
  resolve: ResolveHost,
  isAllowed: AddressGuard,
  isPlainPossible: boolean
): Promise<string | undefined> {
  const url = URL.parse(given)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return 'Geef een volledig adres met https.'
  const isPlain = url.protocol === 'http:'
  if (isPlain && !isPlainPossible) return 'Alleen https is toegestaan.'
  if (url.username !== '' || url.password !== '') return 'Zet geen gebruikersnaam of wachtwoord in het adres.'
  if (url.hash !== '') return 'Laat het deel achter # weg; het wordt niet verstuurd.'
  if (isPortOfOthers(url))
    return 'Gebruik de gewone poort, of een vanaf 1024; de andere horen bij andere diensten.'
  const host = hostOf(url)
  const addresses = isIP(host) !== 0 ? [host] : await resolve(host).catch(() => [])
  if (addresses.every((address) => isAllowed(address, isPlain))) return undefined
  if (isPlain)
    return 'Alleen https is toegestaan, behalve naar netwerken die de beheerder van de hub toestaat.'
  return 'Dit adres is niet openbaar (intern, loopback, link-local of gereserveerd). De beheerder van de hub kan een netwerk toestaan.'
}

// Mail, remote access and the like listen below 1024. No port is written for the usual one of a scheme.
function isPortOfOthers({ port }: URL): boolean {
  return port !== '' && Number(port) < 1024 && !['80', '443'].includes(port)
}

// `[::1]` in a URL is ::1.
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

class AddressRefused extends Error {}

function pinned(resolve: ResolveHost, isAllowed: AddressGuard, isPlain: boolean): LookupFunction {
  return (host, options, answer) => {
    resolve(host).then(
      (addresses) => {
        if (!addresses.every((address) => isAllowed(address, isPlain)))
          return answer(new AddressRefused(), [])
        const found = addresses.map((address) => ({ address, family: isIP(address) }))
        return options.all ? answer(null, found) : answer(null, found[0]!.address, found[0]!.family)
      },
      (error) => answer(error, [])
    )
  }
}

// 'stale' = a connection that was kept open turned out to be closed by the other side; nothing was sent.
function send(request: ClientRequest, body: string): Promise<Posted | 'stale'> {
  return new Promise((resolve) => {
    request.on('response', (response) => void drain(response).then(() => resolve(answerOf(response))))
    request.on('error', (error) => {
      const isStale = request.reusedSocket && codeOf(error) === 'ECONNRESET'
      resolve(isStale ? 'stale' : { fout: faultOf(error) })
    })
    request.end(body)
  })
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Posted {
  const retryAfter = headers['retry-after']
  return { status: statusCode, ...(retryAfter !== undefined && { retryAfter }) }
}

// Reads a short answer to its end, so that the connection can be used again, and cuts off any other.
function drain(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => response.destroy(), bodyTimeout)
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBody) response.destroy()
    })
    response.on('error', () => undefined)
    response.on('close', () => {
      clearTimeout(cut)
      resolve()
    })
  })
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '')
}

function faultOf(error: Error): Exclude<Bezorgfout, 'doorverwijzing'> {
  // Several addresses were tried; the first tells why.
  const one = error instanceof AggregateError ? (error.errors[0] as Error) : error
  const code = codeOf(one)
  if (one instanceof AddressRefused) return 'adres-geweigerd'
  if (['AbortError', 'TimeoutError'].includes(one.name)) return 'tijd-verstreken'
  if (/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|ETIMEOUT$)/.test(code)) return 'naam-onbekend'
  if (/CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) return 'certificaat-ongeldig'
  return code.startsWith('HPE_') ? 'antwoord-onleesbaar' : 'geen-verbinding'
}

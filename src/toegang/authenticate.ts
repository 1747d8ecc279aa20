import { KeyObject } from 'node:crypto'
import jwt from '@fastify/jwt'
import type { FastifyRequest } from 'fastify'
import { createRemoteJWKSet, errors } from 'jose'
import type { Access } from '../begrippen/scopes.ts'
import { openBatcher } from '../platform/batch.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { isTemporary } from '../platform/database/database-errors.ts'
import type { Database } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Caller } from './caller.ts'
import { listLiveClients } from './client-store.ts'
import { openVerifiedTokens } from './verified-tokens.ts'

/** An issuer other than the hub whose tokens are taken. */
export type ExternalIssuer = { readonly issuer: string; readonly jwksUrl: string }

export type AuthenticationOptions = {
  readonly database: Database
  readonly keys: () => KeyRing
  /** Issuer of our own tokens and audience of all. */
  readonly publicUrl: string
  readonly externalIssuers: readonly ExternalIssuer[]
}

/** Seconds an access token of the hub is valid: fifteen minutes at most (contract §2). */
export const tokenLifetime = 900

const maxTokenAge = 6 * 3600
const clockLeeway = 60_000

type Claims = {
  iss: string
  client_id?: string
  azp?: string
  scope?: string
  iat: number
  exp: number
  jti: string
}

/** Sets up token signing and verification, and authenticates every route that is not open, before its body is read. */
export function addAuthentication(app: App, options: AuthenticationOptions): void {
  const { publicUrl, externalIssuers, keys } = options
  const verificationKey = verificationKeys(options)
  app.register(jwt, {
    secret: {
      private: async () =>
        keys().signer('ondertekening-token').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      public: async (_request: FastifyRequest, token: unknown) => verificationKey(token as Decoded)
    } as never,
    decode: { complete: true },
    sign: { algorithm: 'ES256' },
    verify: {
      algorithms: ['ES256', 'PS256', 'RS256'],
      allowedIss: [publicUrl, ...externalIssuers.map(({ issuer }) => issuer)],
      allowedAud: publicUrl,
      requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
      clockTolerance: clockLeeway,
      maxAge: maxTokenAge,
      cache: false
    } as never
  })
  const verify = tokenVerifier(options)
  const findClient = clientFinder(options.database)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    const { toegang } = request.routeOptions.config
    // A path without a route has nothing to guard: the not-found handler answers it.
    if (request.is404 || toegang === undefined || toegang === 'open') return
    // Throws 503 as long as the databases have not been reached.
    keys()
    request.caller = await authenticate(request, verify, findClient)
    requireAccess(request.caller, toegang)
  })
}

type Decoded = { header: { kid?: string; alg?: string }; payload: { iss?: string } }

// Which key must have signed: our own by kid, else that of the issuer the token names, from its pinned JWKS.
function verificationKeys({ publicUrl, externalIssuers, keys }: AuthenticationOptions) {
  const remote = new Map(
    externalIssuers.map(({ issuer, jwksUrl }) => [
      issuer,
      createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 30_000, timeoutDuration: 3_000 })
    ])
  )
  return async ({ header, payload }: Decoded): Promise<string> => {
    const own = keys().signer('ondertekening-token')
    if (payload.iss === publicUrl && header.kid === own.kid) return pem(own.publicKey)
    const external = payload.iss === publicUrl ? undefined : remote.get(payload.iss ?? '')
    if (external === undefined) throw unauthenticated('De uitgever of de sleutel van het token is onbekend.')
    return pem(KeyObject.from(await external(header as never).catch(unreachable)))
  }
}

// A key the issuer does not have is a bad token; an issuer that does not answer is not the caller's fault.
function unreachable(cause: unknown): never {
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JOSENotSupported) throw cause
  throw new Problem('tijdelijk-niet-beschikbaar', {
    detail: 'De sleutels van de uitgever van het token zijn nu niet op te halen.',
    headers: { 'retry-after': '30' },
    cause
  })
}

// Exporting costs more than the rest of a look-up, and there are a handful of keys.
const pems = new WeakMap<KeyObject, string>()

function pem(key: KeyObject): string {
  const known = pems.get(key)
  if (known !== undefined) return known
  const fresh = key.export({ type: 'spki', format: 'pem' }) as string
  pems.set(key, fresh)
  return fresh
}

type FindClient = (clientId: string) => Promise<LiveClient | undefined>
type LiveClient = Awaited<ReturnType<typeof listLiveClients>>[number]

// Looked up on every request, for a revocation works on the very next one; requests that come together share a query
// that begins after each of them came in.
function clientFinder(database: Database): FindClient {
  return openBatcher<string, LiveClient | undefined>({
    maxBatch: 200,
    groupOf: () => 'clients',
    isShared: isTemporary,
    run: async (clientIds) => {
      const found = await database.ask({ duty: 'toegang' }, (tx) =>
        listLiveClients(tx, [...new Set(clientIds)])
      )
      const byId = new Map(found.map((client) => [client.clientId, client]))
      return clientIds.map((clientId) => ({ value: byId.get(clientId) }))
    }
  })
}

async function authenticate(
  request: FastifyRequest,
  verify: Verify,
  findClient: FindClient
): Promise<Caller> {
  const { authorization = '' } = request.headers
  if (authorization === '')
    throw unauthenticated('Het verzoek heeft geen header Authorization: Bearer.', false)
  if (authorization.length > 8_192) throw unauthenticated('Het token is te lang.')
  const claims = await verify(request)
  const clientId = claims.client_id ?? claims.azp
  if (clientId === undefined || !/^[\x20-\x7E]{1,200}$/.test(clientId))
    throw unauthenticated('Het token noemt geen client_id of azp.')
  const client = await findClient(clientId)
  if (client === undefined)
    throw unauthenticated('De client van het token is onbekend, ingetrokken of geschorst.')
  const granted = (claims.scope ?? '').split(' ')
  return {
    id: client.id,
    rol: client.rol,
    signaalpartnerId: client.signaalpartnerId ?? undefined,
    signaalpartnerNaam: client.signaalpartnerNaam ?? undefined,
    gemeentecodes: client.gemeentecodes,
    scopes: client.scopes.filter((scope) => granted.includes(scope))
  }
}

type Verify = (request: FastifyRequest) => Promise<Claims>

// A signature costs more to verify than all else about a request, and a partner's token comes a thousand times. Tokens
// of other issuers are verified each time: which of their keys still count is for them to say.
function tokenVerifier({ keys, publicUrl }: AuthenticationOptions): Verify {
  const verified = openVerifiedTokens<Claims>()
  return async (request) => {
    const { authorization = '' } = request.headers
    const { kid } = keys().signer('ondertekening-token')
    const known = verified.find(authorization, kid, Date.now())
    if (known !== undefined) return known
    const claims = await verify(request)
    if (claims.iss === publicUrl) verified.keep(authorization, kid, claims)
    return claims
  }
}

// The library answers 500 or 400 for some bad tokens; for us every one of them is a 401.
async function verify(request: FastifyRequest): Promise<Claims> {
  try {
    const claims = await request.jwtVerify<Claims>()
    if (claims.iat * 1000 > Date.now() + clockLeeway)
      throw unauthenticated('Het token is in de toekomst uitgegeven.')
    return claims
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw unauthenticated('Het token is ongeldig of verlopen; vraag een nieuw aan.', true, cause)
  }
}

function unauthenticated(detail: string, isTokenPresent = true, cause?: unknown): Problem {
  const challenge = isTokenPresent ? 'Bearer error="invalid_token"' : 'Bearer'
  return new Problem('niet-ingelogd', { detail, headers: { 'www-authenticate': challenge }, cause })
}

function requireAccess({ rol, scopes }: Caller, access: Exclude<Access, 'open'>): void {
  const needed = access[rol]
  if (needed === undefined)
    throw new Problem(
      'geen-toegang',
      forbidden(`De rol ${rol} mag dit niet; wel: ${Object.keys(access).join(', ')}.`, '')
    )
  if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) {
    throw new Problem(
      'geen-toegang',
      forbidden(`Het token mist de scope ${needed.join(' of ')}.`, needed.join(' '))
    )
  }
}

function forbidden(detail: string, scope: string) {
  const challenge = `Bearer error="insufficient_scope"${scope && `, scope="${scope}"`}`
  return { detail, headers: { 'www-authenticate': challenge } }
}

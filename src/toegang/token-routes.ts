import { timingSafeEqual } from 'node:crypto'
import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { scopeTexts } from '../begrippen/scopes.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Database } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { wireProblem } from '../platform/http/problem-handler.ts'
import { limitedTo } from '../platform/http/rate-limit.ts'
import type { App } from '../platform/http/typebox.ts'
import { findLiveClient, listSecretHashes, useAssertion } from './client-store.ts'
import { tokenLifetime } from './token-rules.ts'

type Client = NonNullable<Awaited<ReturnType<typeof findLiveClient>>>
type Form = Record<string, string>
type TokenOptions = { database: Database; keys: () => KeyRing; publicUrl: string }

// A secret of 256 bits cannot be guessed anyway; this keeps a runaway loop from hurting others.
const tokensPerMinute = 600

const clockLeeway = 60
// Seconds. An assertion is remembered until it expires, so that it works only once.
const longestAssertion = bewaartermijnen.gebruikteAssertie.dagen * 24 * 3600
const isClientId = (text: string) => /^[\x20-\x7E]{1,200}$/.test(text)

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const open = { config: { toegang: 'open' as const }, schema: { hide: true } }

/** An OAuth error (RFC 6749 §5.2), sent as a problem with the fields of OAuth. */
class OauthError extends Error {
  readonly code: string
  constructor(
    code: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope',
    detail: string
  ) {
    super(detail)
    this.code = code
  }
}

/** The token endpoint, for client credentials only (NL GOV profile), and the documents that OAuth clients discover. */
export function tokenRoutes(app: App, options: TokenOptions): void {
  const { keys, publicUrl } = options
  app.register(async (oauth) => {
    // No JSON here: a form is what OAuth clients send (RFC 6749 §4.4.2).
    oauth.removeAllContentTypeParsers()
    oauth.register(formbody)
    oauth.setErrorHandler((error, request, reply) => {
      if (!(error instanceof OauthError)) throw error
      return sendOauthError(error, request, reply)
    })
    const limited = { ...open, config: { ...open.config, ...limitedTo(tokensPerMinute) } }
    oauth.post('/oauth/token', limited, async (request, reply) => {
      const form = readForm(request.body)
      if (form.grant_type !== 'client_credentials') {
        throw new OauthError('unsupported_grant_type', 'Alleen grant_type=client_credentials.')
      }
      const client = await authenticateClient(options, request, form)
      const scope = grantScopes(client, form.scope)
      return {
        access_token: await signToken(reply, options, client, scope),
        token_type: 'Bearer',
        expires_in: tokenLifetime,
        scope
      }
    })
  })

  app.get('/.well-known/jwks.json', open, async () => keys().publicJwks())
  app.get('/.well-known/oauth-authorization-server', open, async () => ({
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256'],
    scopes_supported: Object.keys(scopeTexts),
    service_documentation: `${publicUrl}/docs`
  }))
}

function readForm(body: unknown): Form {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>)
  if (entries.some(([, value]) => typeof value !== 'string' || value.length > 8192)) {
    throw new OauthError('invalid_request', 'Elke parameter mag één keer voorkomen.')
  }
  // Ids and secrets made by the hub hold nothing else, and the database takes no NUL.
  if (entries.some(([, value]) => !/^[\x20-\x7E]*$/.test(value as string))) {
    throw new OauthError('invalid_request', 'Parameters bestaan uit leesbare ASCII-tekens.')
  }
  return Object.fromEntries(entries) as Form
}

async function authenticateClient(
  options: TokenOptions,
  request: FastifyRequest,
  form: Form
): Promise<Client> {
  const basic = readBasic(request.headers.authorization)
  const ways = [basic, form.client_secret, form.client_assertion].filter((way) => way !== undefined)
  if (ways.length !== 1) {
    // RFC 6749 §5.2: more than one way is a fault of the request, none is a failed authentication.
    throw new OauthError(
      ways.length > 1 ? 'invalid_request' : 'invalid_client',
      'Meld u met precies één van: Basic, client_secret, client_assertion.'
    )
  }
  const client =
    form.client_assertion === undefined
      ? await bySecret(options, basic ?? { clientId: form.client_id ?? '', secret: form.client_secret! })
      : await byAssertion(options, form)
  // A client of another issuer gets its tokens there, and nowhere else.
  if (client === undefined || client.uitgever !== null)
    throw new OauthError('invalid_client', 'De client is onbekend of het bewijs klopt niet.')
  return client
}

function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  if (authorization === undefined) return undefined
  const encoded = /^Basic ([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1]
  const [clientId, secret] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(/:(.*)/s)
  if (!clientId || secret === undefined || !isClientId(clientId))
    throw new OauthError('invalid_client', 'De header Authorization is geen Basic.')
  try {
    const decoded = decodeURIComponent(clientId)
    return { clientId: isClientId(decoded) ? decoded : clientId, secret: decodeURIComponent(secret) }
  } catch {
    return { clientId, secret }
  }
}

async function bySecret(
  { database, keys }: TokenOptions,
  { clientId, secret }: { clientId: string; secret: string }
): Promise<Client | undefined> {
  const given = keys().hash('hash-geheim', secret)
  return database.as({ duty: 'toegang' }, async (tx) => {
    const client = await findLiveClient(tx, clientId)
    const hashes = client === undefined ? [] : await listSecretHashes(tx, client.id)
    return hashes.some((hash) => timingSafeEqual(hash, given)) ? client : undefined
  })
}

// RFC 7523 §3: signed by the client, addressed to us, short-lived and used once.
async function byAssertion(
  { database, keys, publicUrl }: TokenOptions,
  form: Form
): Promise<Client | undefined> {
  if (form.client_assertion_type !== assertionType) {
    throw new OauthError('invalid_request', `client_assertion_type moet ${assertionType} zijn.`)
  }
  const assertion = form.client_assertion!
  const clientId = form.client_id ?? subjectOf(assertion)
  if (!isClientId(clientId)) return undefined
  return database.as({ duty: 'toegang' }, async (tx) => {
    const client = await findLiveClient(tx, clientId)
    if (client?.jwks == null) return undefined
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.jwks as JSONWebKeySet), {
        algorithms: ['RS256', 'PS256', 'ES256'],
        issuer: client.clientId,
        subject: client.clientId,
        audience: [publicUrl, `${publicUrl}/oauth/token`],
        requiredClaims: ['exp', 'jti'],
        clockTolerance: clockLeeway
      })
      if (payload.exp! > Date.now() / 1000 + longestAssertion) return undefined
      const hash = keys().hash('hash-geheim', `jti|${payload.jti}`)
      return (await useAssertion(tx, client.id, hash, new Date((payload.exp! + 2 * clockLeeway) * 1000)))
        ? client
        : undefined
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined
      throw cause
    }
  })
}

function subjectOf(assertion: string): string {
  try {
    return String(JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()).sub ?? '')
  } catch {
    return ''
  }
}

function grantScopes(client: Client, wanted: string | undefined): string {
  if (wanted === undefined || wanted.trim() === '') return client.scopes.join(' ')
  const scopes = [...new Set(wanted.trim().split(/\s+/))]
  if (scopes.some((scope) => !client.scopes.includes(scope))) {
    throw new OauthError('invalid_scope', 'De client mag niet alle gevraagde scopes gebruiken.')
  }
  return scopes.join(' ')
}

async function signToken(
  reply: FastifyReply,
  { keys, publicUrl }: TokenOptions,
  client: Client,
  scope: string
) {
  // Tokens use the machine's own time, even with a trial clock, because other machines judge them.
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss: publicUrl,
    sub: client.clientId,
    aud: publicUrl,
    azp: client.clientId,
    client_id: client.clientId,
    scope,
    iat,
    exp: iat + tokenLifetime,
    jti: crypto.randomUUID()
  }
  const { kid } = keys().signer('ondertekening-token')
  return reply.jwtSign(claims, {
    sign: { algorithm: 'ES256', header: { alg: 'ES256', typ: 'at+jwt' }, kid } as never
  })
}

function sendOauthError(error: OauthError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isClient = error.code === 'invalid_client'
  const problem = new Problem(isClient ? 'niet-ingelogd' : 'ongeldige-invoer', { detail: error.message })
  if (isClient) reply.header('www-authenticate', 'Basic realm="signaalhub"')
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ ...wireProblem(problem, request.id), error: error.code, error_description: error.message })
}

import { timingSafeEqual } from 'node:crypto'
import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { scopeTexts } from '../begrippen/scopes.ts'
import type { App } from '../platform/http/typebox.ts'
import {
  type ClientWithSecrets,
  findLiveClient,
  type LiveClient,
  listClientsWithSecrets,
  useAssertion
} from './client-store.ts'
import { limitFailedLogins } from './failed-logins.ts'
import { clientFinder, type FindClient } from './find-client.ts'
import type { Hub } from './hub.ts'
import { addOauthErrors, invalidClient, OauthError } from './oauth-error.ts'
import { tokenLifetime } from './token-rules.ts'
import { verifyWithAny } from './verify-with-any.ts'

type Credentials = { readonly clientId: string; readonly secret: string }
type TokenOptions = Pick<Hub, 'database' | 'keys' | 'publicUrl' | 'metrics'>
type Endpoint = TokenOptions & { readonly findClient: FindClient<ClientWithSecrets> }

const clockLeeway = 60
// Seconds. An assertion is remembered until it expires, so that it works only once.
const longestAssertion = bewaartermijnen.gebruikteAssertie.dagen * 24 * 3600
const isClientId = (text: string) => /^[\x20-\x7E]{1,200}$/.test(text)

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const open = { config: { toegang: 'open' as const }, schema: { hide: true } }

/** The token endpoint, for client credentials only (NL GOV profile), and the documents that OAuth clients discover. */
export function tokenRoutes(app: App, options: TokenOptions): void {
  const { keys, publicUrl, database, metrics } = options
  const endpoint = { ...options, findClient: clientFinder(database, listClientsWithSecrets) }
  app.register(async (oauth) => {
    // No JSON here: a form is what OAuth clients send (RFC 6749 §4.4.2).
    oauth.removeAllContentTypeParsers()
    oauth.register(formbody)
    addOauthErrors(oauth as App)
    const produces = ['application/json']
    const logins = limitFailedLogins()
    // What succeeds counts nowhere.
    const config = { ...open.config, produces, rateLimit: false as const }
    oauth.post('/oauth/token', { ...open, config }, async (request, reply) => {
      const login = { address: request.ip, clientId: claimedId(request) }
      await logins.requireFew(login, reply)
      try {
        const { client, scope } = await grant(endpoint, request)
        return {
          access_token: await signToken(reply, options, client, scope),
          token_type: 'Bearer',
          expires_in: tokenLifetime,
          scope
        }
      } catch (error) {
        if (error instanceof OauthError) {
          metrics.counts.failedLogins({ error: error.code })
          await logins.count(login, reply)
        }
        throw error
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

async function grant(
  endpoint: Endpoint,
  request: FastifyRequest
): Promise<{ client: LiveClient; scope: string }> {
  const form = readForm(request.body)
  if (form.grant_type === undefined) {
    throw new OauthError('invalid_request', 'De parameter grant_type ontbreekt.')
  }
  if (form.grant_type !== 'client_credentials') {
    throw new OauthError('unsupported_grant_type', 'Alleen grant_type=client_credentials.')
  }
  const client = await authenticateClient(endpoint, request, form)
  return { client, scope: grantScopes(client, form.scope) }
}

// Who a request says it is, before that is proven; empty where it says nothing that can be a client id.
function claimedId(request: FastifyRequest): string {
  const { client_id, client_assertion } = (request.body ?? {}) as Record<string, unknown>
  const { authorization } = request.headers
  const claimed = authorization
    ? splitBasic(authorization)[0]
    : (client_id ?? subjectOf(String(client_assertion ?? '')))
  return typeof claimed === 'string' && isClientId(claimed) ? claimed : ''
}

const parameters = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type'
] as const
type Form = Partial<Record<(typeof parameters)[number], string>>

// RFC 6749 §3.2: what is empty counts as left out, and what is not known is passed over.
function readForm(body: unknown): Form {
  const given = (body ?? {}) as Record<string, unknown>
  const entries = parameters.filter((name) => given[name] !== '').map((name) => [name, given[name]] as const)
  if (entries.some(([, value]) => Array.isArray(value))) {
    throw new OauthError('invalid_request', 'Elke parameter mag hoogstens eenmaal voorkomen.')
  }
  // Ids and secrets made by the hub hold nothing else, and the database takes no NUL.
  if (entries.some(([, value]) => value !== undefined && !/^[\x20-\x7E]{1,8192}$/.test(value as string))) {
    throw new OauthError(
      'invalid_request',
      'Een parameter bestaat uit leesbare ASCII-tekens, hoogstens 8192.'
    )
  }
  return Object.fromEntries(entries)
}

async function authenticateClient(
  endpoint: Endpoint,
  request: FastifyRequest,
  form: Form
): Promise<LiveClient> {
  const basic = readBasic(request)
  const ways = [basic, form.client_secret, form.client_assertion].filter((way) => way !== undefined)
  // RFC 6749 §5.2: more than one way is a fault of the request, none is a failed authentication.
  const oneWay = 'Meld u op precies een manier: Basic, client_secret of client_assertion.'
  if (ways.length > 1) throw new OauthError('invalid_request', oneWay)
  if (ways.length === 0) throw invalidClient(request, oneWay)
  const client =
    form.client_assertion === undefined
      ? await bySecret(endpoint, basic ?? [{ clientId: form.client_id ?? '', secret: form.client_secret! }])
      : await byAssertion(endpoint, form)
  // A client of another issuer gets its tokens there, and nowhere else.
  if (client === undefined || client.uitgever !== null) throw await refuseLogin(endpoint, request)
  return client
}

// Names a client that exists, and nothing else that was sent: who errs may put its secret where its id belongs.
async function refuseLogin({ findClient }: Endpoint, request: FastifyRequest): Promise<OauthError> {
  const claimed = await findClient(claimedId(request))
  return invalidClient(request, 'De client is onbekend of het bewijs klopt niet.', claimed?.id)
}

/**
 * What a Basic header may mean. RFC 6749 §2.3.1 encodes id and secret as in a form; curl and many others send them as they
 * are, so a `+` is a space or itself.
 */
function readBasic(request: FastifyRequest): Credentials[] | undefined {
  const { authorization } = request.headers
  if (!authorization) return undefined
  const [clientId = '', secret] = splitBasic(authorization)
  if (secret === undefined || !isClientId(clientId))
    throw invalidClient(request, 'De header Authorization is geen Basic.')
  const asSent = { clientId, secret }
  const decoded = decodeForm(asSent)
  const isSame = decoded === undefined || (decoded.clientId === clientId && decoded.secret === secret)
  return isSame ? [asSent] : [decoded, asSent]
}

// The id and the secret as they were sent; no secret where it is no Basic.
function splitBasic(authorization: string): string[] {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1] ?? ''
  return Buffer.from(encoded, 'base64').toString().split(/:(.*)/s)
}

function decodeForm({ clientId, secret }: Credentials): Credentials | undefined {
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
  try {
    return { clientId: decode(clientId), secret: decode(secret) }
  } catch {
    return undefined
  }
}

/** The client that one of these is right for. */
async function bySecret(
  { findClient, keys }: Endpoint,
  possible: readonly Credentials[]
): Promise<LiveClient | undefined> {
  for (const { clientId, secret } of possible) {
    if (!isClientId(clientId)) continue
    const hash = keys().hash('hash-geheim', secret)
    const client = await findClient(clientId)
    if (client?.hashes.some((known) => timingSafeEqual(known, hash))) return client
  }
  return undefined
}

// RFC 7523 §3: signed by the client, addressed to us, short-lived and used once.
async function byAssertion(
  { database, keys, publicUrl }: TokenOptions,
  form: Form
): Promise<LiveClient | undefined> {
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
      const payload = await verifyWithAny(assertion, createLocalJWKSet(client.jwks as JSONWebKeySet), {
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

function grantScopes(client: LiveClient, wanted: string | undefined): string {
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
  client: LiveClient,
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

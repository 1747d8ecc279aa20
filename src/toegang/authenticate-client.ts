import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { type ClientWithSecrets, findLiveClient, type LiveClient, useAssertion } from './client-store.ts'
import type { FindClient } from './find-client.ts'
import type { Hub } from './hub.ts'
import { invalidClient, OauthError } from './oauth-error.ts'
import type { TokenForm } from './read-token-form.ts'
import { clockLeeway, isClientId } from './token-rules.ts'
import { verifyWithAny } from './verify-with-any.ts'

/** What clients are authenticated with. */
export type TokenEndpoint = Pick<Hub, 'database' | 'keys' | 'publicUrl'> & {
  readonly findClient: FindClient<ClientWithSecrets>
}

type Credentials = { readonly clientId: string; readonly secret: string }

// Seconds. An assertion is remembered until it expires, so that it works only once.
const longestAssertion = bewaartermijnen.gebruikteAssertie.dagen * 24 * 3600
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Who a request says it is, before that is proven; empty where it says nothing that can be a client id. */
export function claimedId(request: FastifyRequest): string {
  const { client_id, client_assertion } = (request.body ?? {}) as Record<string, unknown>
  const { authorization } = request.headers
  const claimed = authorization
    ? splitBasic(authorization)[0]
    : (client_id ?? subjectOf(String(client_assertion ?? '')))
  return typeof claimed === 'string' && isClientId(claimed) ? claimed : ''
}

/** The client that a token request proves to be, by its secret or an assertion. Throws invalid_client, or invalid_request. */
export async function authenticateClient(
  endpoint: TokenEndpoint,
  request: FastifyRequest,
  form: TokenForm
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
async function refuseLogin({ findClient }: TokenEndpoint, request: FastifyRequest): Promise<OauthError> {
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
  { findClient, keys }: TokenEndpoint,
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
  { database, keys, publicUrl }: TokenEndpoint,
  form: TokenForm
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

import type { FastifyRequest } from 'fastify'
import type { Access } from '../begrippen/scopes.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Database } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Clock } from '../time.ts'
import type { Caller } from './caller.ts'
import { listLiveClients } from './client-store.ts'
import type { ExternalIssuer } from './external-tokens.ts'
import { clientFinder, type FindClient } from './find-client.ts'
import { type ClientLimits, limitClients } from './limit-clients.ts'
import { openUseNotes } from './note-use.ts'
import { addOwnTokens } from './own-tokens.ts'
import { clientRefused, isClientId, unauthenticated } from './token-rules.ts'
import { tokenVerifier, type Verify } from './verify-token.ts'

export type AuthenticationOptions = {
  readonly database: Database
  readonly keys: () => KeyRing
  /** Issuer of our own tokens and audience of all tokens. */
  readonly publicUrl: string
  readonly externalIssuers: readonly ExternalIssuer[]
  readonly clock: Clock
  readonly limits: ClientLimits
}

/**
 * Sets up token signing and verification, and authenticates each request before its body is read. Open routes are
 * exempt. Throws niet-ingelogd and geen-toegang.
 */
export function addAuthentication(app: App, options: AuthenticationOptions): void {
  const { keys, publicUrl } = options
  addOwnTokens(app, options)
  const verify = tokenVerifier(options)
  const findClient = clientFinder(options.database, listLiveClients)
  const noteUse = openUseNotes(options)
  const requireFewRequests = limitClients(options.limits)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    const { toegang, isIntake } = request.routeOptions.config
    // A path without a route has nothing to protect; the not-found handler answers.
    if (request.is404 || toegang === undefined || toegang === 'open') return
    // Throws 503 until the databases have been reached.
    keys()
    request.caller = await authenticate(request, publicUrl, verify, findClient)
    await requireFewRequests(request.caller.id, isIntake ? 'aanleveren' : 'verzoeken', reply)
    requireAccess(request.caller, toegang)
    noteUse(request.caller.id)
  })
}

async function authenticate(
  request: FastifyRequest,
  publicUrl: string,
  verify: Verify,
  findClient: FindClient
): Promise<Caller> {
  const { authorization = '' } = request.headers
  if (authorization === '')
    throw unauthenticated('Het verzoek heeft geen header Authorization: Bearer.', false)
  if (authorization.length > 8_192) throw unauthenticated('Het token is te lang.')
  const claims = await verify(request)
  const clientId = claims.client_id ?? claims.azp
  if (typeof clientId !== 'string' || !isClientId(clientId))
    throw unauthenticated('Het token noemt geen client_id of azp.')
  const client = await findClient(clientId)
  if (client === undefined)
    throw clientRefused('De client van het token is onbekend, ingetrokken of geschorst.', clientId)
  // Without this every trusted issuer could act as any client, the operator's included.
  if (claims.iss !== (client.uitgever ?? publicUrl))
    throw clientRefused('Voor deze client geldt een andere uitgever.', clientId)
  const granted = [claims.scope ?? []].flat().join(' ').split(' ')
  return {
    id: client.id,
    rol: client.rol,
    signaalpartnerId: client.signaalpartnerId ?? undefined,
    signaalpartnerNaam: client.signaalpartnerNaam ?? undefined,
    gemeentecodes: client.gemeentecodes,
    scopes: client.scopes.filter((scope) => granted.includes(scope))
  }
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
  return { detail, challenge }
}

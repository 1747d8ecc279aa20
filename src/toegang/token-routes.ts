import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { scopeTexts } from '../begrippen/scopes.ts'
import type { App } from '../platform/http/typebox.ts'
import { authenticateClient, claimedId, type TokenEndpoint } from './authenticate-client.ts'
import { type LiveClient, listClientsWithSecrets } from './client-store.ts'
import { limitFailedLogins } from './failed-logins.ts'
import { clientFinder } from './find-client.ts'
import type { Hub } from './hub.ts'
import { addOauthErrors, OauthError } from './oauth-error.ts'
import { readTokenForm } from './read-token-form.ts'
import { tokenLifetime } from './token-rules.ts'

type TokenOptions = Pick<Hub, 'database' | 'keys' | 'publicUrl' | 'metrics'>

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
  endpoint: TokenEndpoint,
  request: FastifyRequest
): Promise<{ client: LiveClient; scope: string }> {
  const form = readTokenForm(request.body)
  if (form.grant_type === undefined) {
    throw new OauthError('invalid_request', 'De parameter grant_type ontbreekt.')
  }
  if (form.grant_type !== 'client_credentials') {
    throw new OauthError('unsupported_grant_type', 'Alleen grant_type=client_credentials.')
  }
  const client = await authenticateClient(endpoint, request, form)
  return { client, scope: grantScopes(client, form.scope) }
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

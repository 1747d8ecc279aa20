import type { FastifyRequest } from 'fastify'
import { Problem } from '../platform/http/problem.ts'
import type { Slug } from '../platform/http/problem-catalogue.ts'
import { sendAs, toProblem } from '../platform/http/problem-handler.ts'
import type { App } from '../platform/http/typebox.ts'
import type { OauthCode } from './oauth-error-schema.ts'

/** A refusal of the token endpoint (RFC 6749 §5.2). The description is ASCII without `"` and `\`, and echoes nothing. */
export class OauthError extends Problem {
  readonly code: OauthCode

  constructor(code: OauthCode, description: string, challenge?: string, clientId?: string) {
    super(challenge === undefined ? 'ongeldige-invoer' : 'niet-ingelogd', {
      detail: description,
      challenge,
      ...(code === 'invalid_client' && { event: 'login-failed', clientId })
    })
    this.code = code
  }
}

/**
 * invalid_client: 401 with a challenge for who used the header `Authorization`, and 400 for everybody else. `clientId` is the row of
 * the client that it says to be, for the log.
 */
export function invalidClient(
  { headers }: FastifyRequest,
  description: string,
  clientId?: string
): OauthError {
  // Libraries that read the challenge read no body, so it says the same.
  const challenge = `Basic realm="signaalhub", charset="UTF-8", error="invalid_client", error_description="${description}"`
  return new OauthError(
    'invalid_client',
    description,
    headers.authorization ? challenge : undefined,
    clientId
  )
}

/** Answers every error of the routes of this scope, also the framework's, as OAuth libraries read it. */
export function addOauthErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error)
    sendAs('application/json', wireOauthError(problem, request.id), problem, request, reply)
  })
  app.addHook('onSend', async (_request, reply) => void reply.header('pragma', 'no-cache'))
}

// What may befall a request before or beside its handler. The texts of the catalogue are about /v1, and not in ASCII.
const others: Partial<Record<Slug, readonly [OauthCode, string]>> = {
  'niet-leverbaar': [
    'invalid_request',
    'Het antwoord is application/json: vraag daarom met Accept, of laat die header weg.'
  ],
  'te-groot': ['invalid_request', 'Het verzoek mag hoogstens 64 KiB groot zijn.'],
  'mediatype-niet-ondersteund': [
    'invalid_request',
    'Stuur de parameters als application/x-www-form-urlencoded, zonder Content-Encoding.'
  ],
  'te-veel-verzoeken': [
    'temporarily_unavailable',
    'Te veel verzoeken. Wacht het aantal seconden van Retry-After.'
  ],
  'tijdelijk-niet-beschikbaar': [
    'temporarily_unavailable',
    'De hub is even niet beschikbaar. Wacht het aantal seconden van Retry-After en stuur het verzoek opnieuw.'
  ]
}

function wireOauthError(problem: Problem, id: string): { error: OauthCode; error_description: string } {
  const [error, error_description] =
    problem instanceof OauthError ? [problem.code, problem.detail] : codeOf(problem, id)
  return { error, error_description }
}

function codeOf({ slug, status }: Problem, id: string): readonly [OauthCode, string] {
  if (status === 500)
    return ['server_error', `Er ging iets mis in de hub. Meld het met kenmerk urn:uuid:${id}.`]
  return others[slug] ?? ['invalid_request', 'Het verzoek is geen geldig HTTP.']
}

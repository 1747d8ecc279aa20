import Type from 'typebox'

/** The codes of an OAuth error: those of RFC 6749 §5.2 that occur here, and the two of §4.1.2.1 for when it is not the client. */
export const oauthCodes = [
  'invalid_request',
  'invalid_client',
  'unsupported_grant_type',
  'invalid_scope',
  'temporarily_unavailable',
  'server_error'
] as const

export type OauthCode = (typeof oauthCodes)[number]

const examples: Readonly<Record<OauthCode, readonly [summary: string, description: string]>> = {
  invalid_request: ['400, 406, 413 of 415; het verzoek is niet goed', 'De parameter grant_type ontbreekt.'],
  invalid_client: [
    '400, of 401 als u zich met een header meldde; de client is niet herkend',
    'De client is onbekend of het bewijs klopt niet.'
  ],
  unsupported_grant_type: ['400; alleen client_credentials kan', 'Alleen grant_type=client_credentials.'],
  invalid_scope: [
    '400; vraag minder scopes, of geen: dan krijgt u ze alle',
    'De client mag niet alle gevraagde scopes gebruiken.'
  ],
  temporarily_unavailable: [
    '429 of 503; wacht het aantal seconden van Retry-After',
    'De hub is even niet beschikbaar. Wacht het aantal seconden van Retry-After en stuur het verzoek opnieuw.'
  ],
  server_error: [
    '500; meld het met het kenmerk',
    'Er ging iets mis in de hub. Meld het met kenmerk urn:uuid:0190c9a4-7e9d-4c3e-8b53-1e9c6f1d2a3b.'
  ]
}

const meanings = Object.entries(examples).map(([code, [summary]]) => `- \`${code}\`: ${summary}.`)

/** An error as OAuth libraries read it. */
const OAuthFout = Type.Object(
  {
    error: Type.Unsafe<OauthCode>({
      type: 'string',
      enum: [...oauthCodes],
      description: `De soort fout (RFC 6749 §5.2), voor uw programma.\n\n${meanings.join('\n')}`,
      examples: ['invalid_client']
    }),
    error_description: Type.String({
      pattern: '^[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]{1,300}$',
      maxLength: 300,
      description: 'Wat er mis is en wat u kunt doen, voor een mens; nooit wat u zelf stuurde.',
      examples: ['De client is onbekend of het bewijs klopt niet.']
    })
  },
  {
    additionalProperties: false,
    title: 'OAuthFout',
    description: 'Een fout van `/oauth/token`. Overal elders is een fout een `Problem`.',
    'x-extern-model': 'OAuth 2.0 (RFC 6749)'
  }
)

/**
 * The answer of the token endpoint to every error, for the OpenAPI document. That endpoint follows RFC 6749 and stands
 * outside the base path, so it is no operation of the API itself (NL API Design Rules).
 */
export const oauthResponses = {
  OAuthFout: {
    description:
      'Elke fout van `POST /oauth/token`, volgens RFC 6749 §5.2, zodat een gewone OAuth-bibliotheek haar leest. De status staat bij elk voorbeeld.',
    headers: {
      'WWW-Authenticate': header(
        'Alleen bij 401: de manier om u met een header te melden.',
        'Basic realm="signaalhub", charset="UTF-8", error="invalid_client"'
      ),
      'Retry-After': header('Alleen bij 429 en 503: na hoeveel seconden u het opnieuw kunt proberen.', '5')
    },
    content: {
      'application/json': {
        schema: OAuthFout,
        examples: Object.fromEntries(
          Object.entries(examples).map(([error, [summary, error_description]]) => [
            error,
            { summary, value: { error, error_description } }
          ])
        )
      }
    }
  }
}

function header(description: string, example: string) {
  return { description, schema: { type: 'string', maxLength: 2000, examples: [example] } }
}

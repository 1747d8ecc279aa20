type Fields = Record<string, unknown>

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })
const json = (schema: unknown) => ({ 'application/json': { schema } })
const body = (schema: unknown) => ({ required: true, content: json(schema) })

const answer = (description: string, schema: unknown, headers: Fields = {}) => ({
  description,
  headers: { 'API-Version': ref('headers', 'ApiVersion'), ...headers },
  content: json(schema)
})

const failures = (...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, ref('responses', 'Fout')]))

const etag = { ETag: ref('headers', 'ETag') }
const closed = { security: [{ oauth: ['vroegsignalen:lezen'] }] }
const open = { security: [] }

const list = {
  operationId: 'lijstVroegsignalen',
  summary: 'Vroegsignalen opvragen',
  description: 'De vroegsignalen van de aanroeper, het nieuwste eerst.',
  tags: ['vroegsignalen'],
  ...closed,
  parameters: [ref('parameters', 'Cursor'), ref('parameters', 'Limit'), ref('parameters', 'Datum')],
  responses: {
    200: answer('De lijst', ref('schemas', 'Vroegsignalen'), { Link: ref('headers', 'Link') }),
    ...failures(400, 401, 403, 429, 500)
  }
}

const send = {
  operationId: 'vroegsignaalAanleveren',
  summary: 'Vroegsignaal aanleveren',
  description: 'Een signaal dat aan de voorwaarden voldoet wordt bewaard.',
  tags: ['vroegsignalen'],
  ...closed,
  parameters: [ref('parameters', 'IdempotencyKey')],
  requestBody: body(ref('schemas', 'Vroegsignaal')),
  responses: {
    201: answer('Aangenomen', ref('schemas', 'Vroegsignaal'), etag),
    ...failures(400, 401, 403, 429, 500)
  }
}

const show = {
  operationId: 'vroegsignaalOpvragen',
  summary: 'Vroegsignaal opvragen',
  description: 'Het vroegsignaal zoals het nu is; DELETE kent het niet.',
  tags: ['vroegsignalen'],
  ...closed,
  parameters: [ref('parameters', 'VroegsignaalId')],
  responses: {
    200: answer('Het signaal', ref('schemas', 'Vroegsignaal'), etag),
    304: { description: 'Ongewijzigd', headers: { 'API-Version': ref('headers', 'ApiVersion') } },
    ...failures(400, 401, 403, 404, 429, 500)
  }
}

const correct = {
  operationId: 'vroegsignaalCorrigeren',
  summary: 'Vroegsignaal corrigeren',
  description: 'Het bedrag en de data van een vroegsignaal verbeteren.',
  tags: ['vroegsignalen'],
  ...closed,
  parameters: [
    ref('parameters', 'VroegsignaalId'),
    ref('parameters', 'IdempotencyKey'),
    ref('parameters', 'IfMatch')
  ],
  requestBody: body({
    type: 'object',
    properties: { bedragInCenten: { type: 'integer', minimum: 1, maximum: 100_000_000 } },
    additionalProperties: false
  }),
  responses: {
    200: answer('Het signaal', ref('schemas', 'Vroegsignaal'), etag),
    ...failures(400, 401, 403, 404, 412, 428, 429, 500)
  }
}

const search = {
  operationId: 'vroegsignalenZoeken',
  summary: 'Vroegsignalen zoeken',
  description: 'Zoekt zonder persoonsgegevens in de URL te zetten.',
  tags: ['vroegsignalen'],
  ...closed,
  requestBody: body({
    type: 'object',
    properties: { postcode: { type: 'string', pattern: '^[1-9][0-9]{3}[A-Z]{2}$', example: '8101AA' } },
    additionalProperties: false
  }),
  responses: {
    200: answer('Wat is gevonden', ref('schemas', 'Vroegsignalen')),
    ...failures(400, 401, 403, 429, 500)
  }
}

// Data that looks like a schema but is not one. The rules must skip it.
const lookalike = {
  resultaten: [],
  postcode: '8101AA',
  schema: { type: 'string', properties: { Geen_Eigenschap: { type: 'integer' } } }
}

const criteria = {
  operationId: 'criteriaOpvragen',
  summary: 'Criteria opvragen',
  description: 'Alle criteria die vandaag gelden.',
  tags: ['criteria'],
  'x-volledig': true,
  ...open,
  responses: {
    200: {
      ...answer('De criteria', ref('schemas', 'Criteria')),
      content: { 'application/json': { schema: ref('schemas', 'Criteria'), example: lookalike } }
    },
    ...failures(429, 500)
  }
}

const proof = {
  operationId: 'meldbewijsOpvragen',
  summary: 'Meldbewijs opvragen',
  description: 'Een ondertekend bewijs, dat nooit verandert.',
  tags: ['criteria'],
  'x-onveranderlijk': true,
  ...open,
  parameters: [ref('parameters', 'VroegsignaalId')],
  responses: {
    200: answer('Het bewijs', { type: 'string', maxLength: 8000 }),
    ...failures(400, 404, 429, 500)
  }
}

const verify = {
  operationId: 'meldbewijsVerifieren',
  summary: 'Meldbewijs verifiëren',
  description: 'Zegt of een meldbewijs echt is.',
  tags: ['criteria'],
  ...open,
  requestBody: body({
    type: 'object',
    properties: { meldbewijs: { type: 'string', maxLength: 8000 } },
    additionalProperties: false
  }),
  responses: { 200: answer('Het oordeel', { type: 'boolean' }), ...failures(400, 429, 500) }
}

const received = {
  operationId: 'signaalOntvangen',
  summary: 'Er is een signaal ontvangen',
  description: 'De ontvanger antwoordt met een 2xx.',
  tags: ['vroegsignalen'],
  requestBody: body(ref('schemas', 'Gebeurtenis')),
  responses: { 200: answer('Ontvangen', { type: 'boolean' }) }
}

const text = { type: 'string', maxLength: 200 }
const header = (schema: unknown) => ({ schema })
const parameter = (where: string, name: string, schema: unknown) => ({
  name,
  in: where,
  required: where === 'path',
  schema
})

const components = {
  securitySchemes: {
    oauth: {
      type: 'oauth2',
      flows: {
        clientCredentials: { tokenUrl: '/oauth/token', scopes: { 'vroegsignalen:lezen': 'Signalen lezen' } }
      }
    },
    sleutel: { type: 'apiKey', in: 'query', name: 'proefSleutel' }
  },
  headers: { ApiVersion: header(text), ETag: header(text), Link: header(text) },
  parameters: {
    Cursor: parameter('query', 'cursor', text),
    Limit: parameter('query', 'limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
    Datum: parameter('query', 'datum', { type: 'string', format: 'date' }),
    VroegsignaalId: parameter('path', 'vroegsignaalId', { type: 'string', format: 'uuid' }),
    IdempotencyKey: parameter('header', 'Idempotency-Key', text),
    IfMatch: parameter('header', 'If-Match', text)
  },
  responses: {
    Fout: {
      description: 'Wat er mis is',
      content: { 'application/problem+json': { schema: ref('schemas', 'Probleem') } }
    }
  },
  schemas: {
    Probleem: {
      allOf: [
        {
          type: 'object',
          properties: {
            status: { type: 'integer', minimum: 400, maximum: 599 },
            title: text,
            detail: text
          },
          required: ['status', 'title', 'detail']
        }
      ]
    },
    Datum: { type: 'string', format: 'date' },
    Soort: {
      type: 'string',
      enum: ['vroegsignaal', 'sms-2', 'nl.vroegsignalering.signaal-ontvangen', 'RS256']
    },
    Vroegsignaal: {
      type: 'object',
      properties: {
        soort: ref('schemas', 'Soort'),
        signaaldatum: ref('schemas', 'Datum'),
        geboortedatum: { type: ['string', 'null'], format: 'date' },
        ontvangenOp: { type: 'string', format: 'date-time' },
        bedragInCenten: { type: 'integer', minimum: 1, maximum: 100_000_000, example: 84_500 },
        drempelbedragenInCenten: {
          type: 'object',
          properties: { huur: { type: 'integer', minimum: 1, maximum: 100_000_000 } },
          additionalProperties: false
        },
        kenmerken: { type: 'array', maxItems: 5, items: text, examples: [['kort', 'krachtig']] }
      },
      additionalProperties: false
    },
    Vroegsignalen: {
      type: 'object',
      properties: { resultaten: { type: 'array', maxItems: 1000, items: ref('schemas', 'Vroegsignaal') } }
    },
    Criteria: {
      type: 'object',
      properties: { resultaten: { type: 'array', maxItems: 50, items: ref('schemas', 'Criterium') } }
    },
    Criterium: {
      type: 'object',
      properties: {
        uitkomst: { anyOf: [{ const: 'voldaan' }, { const: 'niet-van-toepassing' }] },
        onderdelen: { type: 'array', maxItems: 10, items: ref('schemas', 'Criterium') }
      }
    },
    Gebeurtenis: {
      type: 'object',
      'x-extern-model': 'CloudEvents',
      properties: { time_of_event: { type: 'string', format: 'date-time' }, Soort: { const: 'Niet_Van_Ons' } }
    }
  }
}

const document = {
  openapi: '3.1.0',
  info: {
    title: 'Voorbeeld',
    version: '1.0.0',
    description: 'Een klein document.',
    contact: { name: 'Team Voorbeeld', email: 'team@example.nl', url: 'https://example.nl/team' },
    license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' }
  },
  servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'example.nl' } } }, { url: '/v1' }],
  tags: [{ name: 'vroegsignalen' }, { name: 'criteria' }],
  paths: {
    '/vroegsignalen': { get: list, post: send },
    '/vroegsignalen/_zoek': { post: search },
    '/vroegsignalen/{vroegsignaalId}': { get: show, patch: correct },
    '/criteria': { get: criteria },
    '/meldbewijzen/{vroegsignaalId}': { get: proof },
    '/meldbewijzen/_verifieer': { post: verify }
  },
  webhooks: { signaalOntvangen: { post: received } },
  components
}

/** A small document without findings. It has one example of everything that a rule checks. */
export function baseline(): Record<string, unknown> {
  // A structured clone keeps shared objects shared, so a change in one place would show up in another.
  return JSON.parse(JSON.stringify(document))
}

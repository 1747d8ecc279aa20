import { type Gebeurtenissoort, gebeurtenissoorten, proefsoort } from '../begrippen/gebeurtenissoort.ts'

type Node = Record<string, unknown>

const uuid = (description: string, example: string): Node => ({
  type: 'string',
  format: 'uuid',
  description,
  examples: [example]
})

const velden: Readonly<Record<string, Node>> = {
  vroegsignaalId: uuid('Het signaal.', '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'),
  huishoudenId: uuid('Het huishouden.', '7d9f2c1a-3b4e-4f60-8a1b-9c0d1e2f3a4b'),
  betwistingId: uuid('De betwisting.', '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6072'),
  vernietigingId: uuid('De vernietiging.', '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6073')
}

const padVan: Readonly<Record<string, string>> = {
  vroegsignaalId: 'vroegsignalen',
  huishoudenId: 'huishoudens',
  vernietigingId: 'vernietigingen'
}

const headers: readonly (readonly [name: string, description: string, example: string])[] = [
  [
    'webhook-id',
    'Kenmerk van de gebeurtenis, gelijk aan `id`. Komt zij nog eens, dan met hetzelfde kenmerk.',
    '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6074'
  ],
  ['webhook-timestamp', 'Wanneer dit bericht is verstuurd, in seconden sinds 1970.', '1795685400'],
  [
    'webhook-signature',
    'De handtekening `v1,…`: HMAC-SHA-256, in base64, van `webhook-id.webhook-timestamp.body` met het geheim van het abonnement (base64 achter `whsec_`). Tijdens een vernieuwing staan er twee, met een spatie ertussen; één geldige is genoeg. Controleer haar over de body zoals zij binnenkwam, voordat u haar leest, en weiger een bericht van meer dan vijf minuten oud. De bibliotheken van Standard Webhooks doen dat voor u.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='
  ]
]

/** The webhooks of the OpenAPI document: what the hub sends to the receiver of a subscription, for each kind of event. */
export function describeWebhooks(publicUrl: string): Node {
  const kinds = Object.entries(gebeurtenissoorten).map(([soort, { uitleg, velden }]) =>
    webhookOf(publicUrl, soort as Gebeurtenissoort, uitleg, velden)
  )
  const trial = 'Een proef, op verzoek (`_test`). Er is niets gebeurd.'
  return Object.fromEntries([...kinds, webhookOf(publicUrl, proefsoort, trial, [])])
}

function webhookOf(
  publicUrl: string,
  soort: string,
  uitleg: string,
  names: readonly string[]
): readonly [name: string, item: Node] {
  const name = soort.split('.').at(-1)!
  const description = `${uitleg} De body is een CloudEvent volgens het NL GOV-profiel en bevat alleen kenmerken. Elke 2xx telt als ontvangen; na 410 wordt het abonnement uitgeschakeld; al het andere wordt drie dagen lang opnieuw geprobeerd.`
  const schema = eventOf(soort, names)
  const post = {
    operationId: camelCase(name),
    tags: ['Abonnementen'],
    summary: soort,
    description,
    security: [],
    parameters: headers.map(parameterOf),
    requestBody: {
      required: true,
      content: {
        'application/cloudevents+json': { schema, example: exampleOf(publicUrl, soort, names) }
      }
    },
    responses: { default: { description: 'Wat uw systeem antwoordt. De hub leest alleen de status.' } }
  }
  return [camelCase(name), { post }]
}

function parameterOf([name, description, example]: (typeof headers)[number]): Node {
  const schema = { type: 'string', maxLength: 2000, examples: [example] }
  return { name, in: 'header', required: true, description, schema }
}

function eventOf(soort: string, names: readonly string[]): Node {
  const text = (description: string, rest: Node = {}) => ({
    type: 'string',
    maxLength: 2000,
    description,
    ...rest
  })
  const gemeentecode = text('De gemeente waarin het gebeurde.', { pattern: '^[0-9]{4}$', maxLength: 4 })
  return {
    type: 'object',
    description: 'Een gebeurtenis (CloudEvents 1.0, NL GOV-profiel).',
    'x-extern-model': 'CloudEvents',
    required: ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { const: '1.0', type: 'string', description: 'Versie van CloudEvents.' },
      id: uuid('Kenmerk van de gebeurtenis.', '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6074'),
      source: text('De hub die het vertelt.', { format: 'uri' }),
      type: { const: soort, type: 'string', description: 'Soort gebeurtenis.' },
      subject: text('Waarover het gaat: het eerste kenmerk in `data`.'),
      time: { type: 'string', format: 'date-time', description: 'Wanneer het gebeurde.' },
      datacontenttype: { const: 'application/json', type: 'string', description: 'Vorm van `data`.' },
      dataref: text('Waar u met uw eigen token leest wat erachter zit; ontbreekt waar niets meer is.', {
        format: 'uri'
      }),
      data: {
        type: 'object',
        description: 'De kenmerken.',
        additionalProperties: false,
        required: ['gemeentecode', ...names],
        properties: {
          gemeentecode: { ...gemeentecode, examples: ['0177'] },
          ...Object.fromEntries(names.map((veld) => [veld, velden[veld]]))
        }
      }
    }
  }
}

function exampleOf(publicUrl: string, type: string, names: readonly string[]): Node {
  const idOf = (veld: string) => (velden[veld]!.examples as string[])[0]!
  const [first] = names
  const path = first !== undefined && !type.endsWith('signaal-ingetrokken') ? padVan[first] : undefined
  return {
    specversion: '1.0',
    id: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6074',
    source: `${publicUrl}/v1`,
    type,
    ...(first !== undefined && { subject: idOf(first) }),
    time: '2026-11-25T09:30:00.000Z',
    datacontenttype: 'application/json',
    ...(path !== undefined && { dataref: `${publicUrl}/v1/${path}/${idOf(first!)}` }),
    data: { gemeentecode: '0177', ...Object.fromEntries(names.map((veld) => [veld, idOf(veld)])) }
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

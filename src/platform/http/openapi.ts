import swagger from '@fastify/swagger'
import Type from 'typebox'
import { stringify } from 'yaml'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { scopeTexts } from '../../begrippen/scopes.ts'
import { apiVersion } from './headers.ts'
import { inEnglish } from './in-english.ts'
import { operation } from './operation.ts'
import { problemExamples } from './problem-schema.ts'
import type { App } from './typebox.ts'
import { setExamplesApart } from './whole-examples.ts'
import { OneOf } from './wire-schema.ts'

type Node = { [key: string]: unknown }

const intro = `De hub neemt signalen van betalingsachterstanden aan van woningverhuurders, energieleveranciers, drinkwaterbedrijven
en zorgverzekeraars, toetst ze aan de wet en aan de criteria van de Autoriteit Persoonsgegevens, brengt ze per adres
bijeen en levert ze aan de gemeente die hulp moet aanbieden (Wet gemeentelijke schuldhulpverlening, artikel 3 lid 1
onder b). Uiterlijk ${bewaartermijnen.vroegsignaal.voluit} na ontvangst worden de persoonsgegevens van een signaal
vernietigd; de hub geeft daarvan een ondertekende verklaring.

**Toegang.** Vraag met client credentials een token aan op \`/oauth/token\`, als formulier:
\`curl -u 'CLIENT:GEHEIM' -d grant_type=client_credentials …/oauth/token\` geeft \`access_token\`, \`token_type\`,
\`expires_in\` en \`scope\`. Stuur het token mee als \`Authorization: Bearer …\`. Het geldt een kwartier; vraag kort ervoor,
of na een 401 met \`error="invalid_token"\`, een nieuw. Het token zegt welke client u bent; voor welke gemeente of partner u
werkt, ligt bij de hub vast.

**Fouten** zijn \`application/problem+json\` en noemen alle gebreken van een verzoek tegelijk. Alleen \`/oauth/token\`, dat
geen deel van deze API is maar RFC 6749 volgt, antwoordt met een \`OAuthFout\`, zodat een gewone OAuth-bibliotheek haar leest.

**Veilig herhalen.** Geef elke POST en PATCH een \`Idempotency-Key\`; een herhaling heeft geen tweede gevolg.

**Terugvinden.** Stuur een \`traceparent\` (W3C Trace Context) mee om een verzoek in het logboek van verwerkingen terug te
vinden. De header \`traceresponse\` van elk antwoord noemt de trace, ook als u er geen meestuurde.

**Tempo.** Elk antwoord zegt in \`RateLimit\` hoeveel verzoeken uw client nog kan doen. Na een 429 of 503 wacht u het aantal
seconden van \`Retry-After\`. Het opzoeken van inwoners heeft ook een maximum per dag.

**Lijsten** worden gebladerd met \`limit\` en de \`cursor\` uit de header \`Link\`.

**Wijzigingsbeleid.** De hoofdversie staat in het pad. Een hoofdversie blijft na haar opvolger ten minste twaalf maanden in bedrijf.`

const headerTexts: Record<string, Node> = {
  'API-Version': header('Volledige versie van deze API.', apiVersion),
  ETag: header('Versie van de bron, voor `If-Match`.', '"3q2-7wAAAAAAAAAAAAAAAA"'),
  Location: header('Adres van de bron.', '/v1/vroegsignalen/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'),
  Link: header(
    'Adres van de volgende bladzijde, `rel="next"`; ontbreekt op de laatste. Alleen bij terugkoppelingen geeft de laatste bladzijde `rel="current"`: het adres om later op verder te lezen.',
    '<https://…?cursor=…>; rel="next"'
  ),
  'WWW-Authenticate': header('Hoe u zich meldt (RFC 6750).', 'Bearer error="invalid_token"'),
  'Retry-After': header('Na hoeveel seconden u het opnieuw kunt proberen.', '5'),
  'RateLimit-Policy': header(
    'Hoeveel verzoeken (`q`) in hoeveel seconden (`w`); staat ook in andere antwoorden.',
    '"verzoeken";q=3000;w=10'
  ),
  RateLimit: header(
    'Hoeveel er nog kunnen (`r`), en over hoeveel seconden het er weer meer zijn (`t`).',
    '"verzoeken";r=0;t=4'
  ),
  Digest: header(
    'SHA-256 over de body zoals verzonden (RFC 3230).',
    'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE='
  ),
  'nlgov-adr-payload-sig': header(
    'Handtekening over de regel `digest: …` van het antwoord, als losse JWS (JAdES-B); alleen waar die is ingesteld.',
    'eyJhbGciOiJQUzI1NiIsImI2NCI6ZmFsc2V9..aGFuZHRla2VuaW5n'
  ),
  'Idempotency-Replayed': header('`true` wanneer dit het antwoord op een herhaling is.', 'true')
}

const successTexts: Record<string, string> = {
  200: 'De gevraagde gegevens.',
  201: 'Vastgelegd; dit is de bron zoals zij staat.'
}

const problemHeaders: Record<string, string[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After', 'RateLimit-Policy', 'RateLimit'],
  503: ['Retry-After']
}

// The framework knows request headers in lower case; people know them like this.
const requestHeaders: Record<string, string> = {
  'idempotency-key': 'Idempotency-Key',
  'if-match': 'If-Match',
  gebruiker: 'Gebruiker'
}

function header(description: string, example: string): Node {
  return { description, schema: { type: 'string', maxLength: 2000, examples: [example] } }
}

/**
 * Makes the OpenAPI document out of the routes that follow and serves it, without a token and to every origin.
 * `responses` are answers that no operation gives, by name; `webhooks` what the hub itself calls.
 */
export function addOpenApi(
  app: App,
  publicUrl: string,
  { responses, webhooks }: { readonly responses: Node; readonly webhooks: Node }
): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'signaalhub',
        summary: 'Aannamepunt voor vroegsignalering van schulden',
        description: intro,
        version: apiVersion,
        contact: { name: 'Beheer signaalhub', url: publicUrl, email: 'signaalhub@example.nl' },
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' }
      },
      servers: [{ url: `${publicUrl}/v1`, description: 'Deze hub' }],
      tags,
      webhooks: webhooks as never,
      components: {
        responses: responses as never,
        examples: problemExamples,
        securitySchemes: {
          oauth2: {
            type: 'oauth2',
            description:
              'OAuth 2.0 client credentials (NL GOV-profiel): private_key_jwt of client secret. Een fout is een `OAuthFout`.',
            flows: { clientCredentials: { tokenUrl: `${publicUrl}/oauth/token`, scopes: scopeTexts } }
          }
        }
      }
    },
    transformObject: (document) =>
      complete((document as { openapiObject: Node }).openapiObject, publicUrl) as never
  })
}

const tags = [
  { name: 'Signalen', description: 'Signalen aanleveren en teruglezen.' },
  { name: 'Criteria', description: 'Waaraan een signaal moet voldoen.' },
  { name: 'Huishoudens', description: 'Signalen per adres, voor de gemeente.' },
  { name: 'Zaken', description: 'Wat de gemeente met de signalen van een huishouden doet.' },
  { name: 'Terugkoppelingen', description: 'Wat een partner over zijn signalen mag horen.' },
  {
    name: 'Betwistingen',
    description: 'Betwisting door de gemeente van een onzorgvuldig signaal, en het antwoord van de partner.'
  },
  {
    name: 'Betrokkenen',
    description: 'Wat een inwoner over de eigen gegevens kan vragen (AVG art. 15-18 en 21).'
  },
  { name: 'Abonnementen', description: 'Horen wat er gebeurt, in plaats van ernaar te vragen.' },
  { name: 'Organisaties', description: 'Gemeenten, signaalpartners, overeenkomsten en clients.' },
  { name: 'Adresregister', description: 'Welke postcode in welke gemeente ligt.' },
  { name: 'Vernietiging', description: 'Bewijs van vernietiging.' },
  { name: 'Verantwoording', description: 'Cijfers, en wie wat verwerkte.' },
  { name: 'Hub', description: 'Over deze API zelf.' }
]

const talen = ['nl', 'en'] as const
type Taal = (typeof talen)[number]

const TaalQuery = Type.Object(
  {
    taal: Type.Optional(
      OneOf(talen, {
        description:
          'De taal van de teksten: Nederlands of, met `en`, een Engelse vertaling. Standaard nl; alleen de Nederlandse tekst beslist.',
        examples: ['en']
      })
    )
  },
  { additionalProperties: false }
)

/** The routes of the document itself. */
export function openApiRoutes(app: App): void {
  const describe = (format: 'JSON' | 'YAML', mediaType: string) =>
    operation({
      operationId: `getOpenapi${format === 'JSON' ? 'Json' : 'Yaml'}`,
      tag: 'Hub',
      summary: `Het OpenAPI-document in ${format}`,
      description:
        'Dit document: de volledige beschrijving van de API, zonder token en vanaf elke herkomst op te vragen.',
      toegang: 'open',
      produces: [mediaType, 'application/problem+json'],
      extensions: { 'x-onveranderlijk': true },
      schema: {
        querystring: TaalQuery,
        response: {
          200: {
            description: 'Het document.',
            content: { [mediaType]: { schema: { type: 'object', additionalProperties: true } } }
          } as never
        }
      }
    })
  // Written once: as YAML that takes some 400 ms, anybody may ask, and answers that wait for a slow reader share the bytes.
  const written = new Map<string, Buffer>()
  const read = ({ taal = 'nl' }: { taal?: Taal }, format: string, write: (document: Node) => string) => {
    const name = `${format} ${taal}`
    const known = written.get(name)
    if (known !== undefined) return known
    const document = app.swagger() as Node
    const bytes = Buffer.from(write(taal === 'en' ? inEnglish(document) : document))
    written.set(name, bytes)
    return bytes
  }
  app.get('/openapi.json', describe('JSON', 'application/json'), async ({ query }, reply) => {
    reply.header('access-control-allow-origin', '*').type('application/json')
    return read(query, 'json', (document) => JSON.stringify(document)) as never
  })
  app.get('/openapi.yaml', describe('YAML', 'application/yaml'), async ({ query }, reply) => {
    reply.header('access-control-allow-origin', '*').type('application/yaml')
    return read(query, 'yaml', (document) => stringify(document, { aliasDuplicateObjects: false })) as never
  })
}

// What holds for all operations is added here once, instead of in every route.
function complete(document: Node, publicUrl: string): Node {
  for (const operations of Object.values(document.paths as Node)) {
    for (const [method, described] of Object.entries(operations as Record<string, Node>)) {
      completeHeaders(described)
      if (method === 'patch') offerMergePatch(described)
    }
  }
  const schemas: Node = {}
  const paths = nameSchemas(document.paths, schemas) as Node
  const others = nameSchemas(document.components, schemas) as Node
  const components = { ...others, schemas: sorted(schemas) }
  return setExamplesApart({ ...document, paths: withServers(byTag(paths), publicUrl), components })
}

// A path below a base of its own, for the version must stand in the address of a server (ADR /core/uri-version).
function withServers(paths: Node, publicUrl: string): Node {
  const entries = Object.entries(paths).map(([path, operations]) => {
    const [, base, rest] = /^(\/[a-z]+\/v\d+)(\/.+)$/.exec(path) ?? []
    if (base === undefined || rest === undefined) return [path, operations] as const
    const servers = [{ url: `${publicUrl}${base}`, description: 'Deze hub, voor het CBS' }]
    const moved = Object.entries(operations as Node).map(([method, described]) => [
      method,
      { ...(described as Node), servers }
    ])
    return [rest, Object.fromEntries(moved)] as const
  })
  return Object.fromEntries(entries)
}

function completeHeaders(described: Node): void {
  const promised = (described['x-headers-out'] ?? []) as string[]
  delete described['x-headers-out']
  for (const parameter of (described.parameters ?? []) as Node[]) {
    parameter.name = requestHeaders[String(parameter.name)] ?? parameter.name
    // Its absence is a 428 rather than a 400, so the check is not that of the schema.
    if (parameter.name === 'If-Match') parameter.required = true
  }
  for (const [status, response] of Object.entries(described.responses as Record<string, Node>)) {
    const names = ['API-Version', ...(Number(status) < 400 ? promised : (problemHeaders[status] ?? []))]
    if (response.description === 'Default Response') response.description = successTexts[status] ?? 'Gelukt.'
    response.headers = Object.fromEntries(names.map((name) => [name, headerTexts[name]]))
  }
}

function offerMergePatch({ requestBody }: Node): void {
  const { content } = requestBody as { content: Node }
  content['application/merge-patch+json'] = content['application/json']
}

// A schema whose title is a name stands once, under components, and is referred to everywhere else.
function nameSchemas(node: unknown, schemas: Node): unknown {
  if (Array.isArray(node)) return node.map((item) => nameSchemas(item, schemas))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node as Node).map(([key, inner]) => [key, nameSchemas(inner, schemas)])
  const copy = Object.fromEntries(entries) as Node
  const { title, ...schema } = copy
  if (typeof title !== 'string' || !('type' in copy) || !/^[A-Z][A-Za-z]+$/.test(title)) return copy
  schemas[title] = schema
  return { $ref: `#/components/schemas/${title}` }
}

// The tags in their own order, and within a tag the operations as their routes were registered.
function byTag(paths: Node): Node {
  const places = new Map(tags.map(({ name }, place) => [name, place]))
  const placeOf = (operations: unknown) => {
    const [described] = Object.values(operations as Record<string, { tags: [string] }>)
    return places.get(described!.tags[0])!
  }
  return Object.fromEntries(Object.entries(paths).sort(([, a], [, b]) => placeOf(a) - placeOf(b)))
}

function sorted(node: Node): Node {
  return Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
}

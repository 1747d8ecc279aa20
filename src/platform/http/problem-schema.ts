import Type from 'typebox'
import { catalogue, type Slug } from './problem-catalogue.ts'

/** One fault, as in errors and in reports of deliveries. */
export const ProblemFault = Type.Object(
  {
    in: Type.Unsafe<string>({
      type: 'string',
      enum: ['body', 'query', 'path', 'header'],
      description: 'Het deel van het verzoek waarin de fout zit.',
      examples: ['body']
    }),
    location: Type.String({
      maxLength: 500,
      description: 'JSON Pointer in de body, of de naam van de parameter of header.',
      examples: ['/achterstand/bedragInCenten']
    }),
    code: Type.String({
      maxLength: 100,
      description: 'De regel die niet is nageleefd; bij een afgewezen signaal het criterium.',
      examples: ['minimum']
    }),
    detail: Type.String({
      maxLength: 2000,
      description: 'Wat er mis is en wat u kunt doen; nooit de waarde zelf.',
      examples: ['Dit moet minstens 1 zijn.']
    }),
    grondslag: Type.Optional(
      Type.String({
        maxLength: 500,
        description: 'Grondslag: wet, regeling, convenant, AP-handreiking of gemeentelijk beleid.',
        examples: ['Bgs art. 2, aanhef en onder c']
      })
    )
  },
  { additionalProperties: false, title: 'Fout', description: 'Eén fout in het verzoek.' }
)

const instance = 'urn:uuid:0190c9a4-7e9d-4c3e-8b53-1e9c6f1d2a3b'

/** The schema of every error (RFC 9457). */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({
      maxLength: 200,
      description: 'Verwijzing naar de uitleg van dit soort fout.',
      examples: ['/v1/problemen/ongeldige-invoer']
    }),
    title: Type.String({
      maxLength: 200,
      description: 'Wat er mis is, in één regel.',
      examples: ['Het verzoek is ongeldig']
    }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'De HTTP-status.', examples: [400] }),
    detail: Type.String({
      maxLength: 2000,
      description: 'Wat u kunt doen.',
      examples: ['Verbeter de genoemde punten.']
    }),
    instance: Type.String({
      maxLength: 100,
      description: 'Kenmerk van dit verzoek, te noemen bij de beheerder.',
      examples: [instance]
    }),
    errors: Type.Optional(
      Type.Array(ProblemFault, { maxItems: 100, description: 'Alle fouten van dit verzoek.' })
    )
  },
  {
    additionalProperties: false,
    title: 'Problem',
    description: 'Een fout waar de aanroeper iets mee kan (RFC 9457).'
  }
)

/** The error responses of a route for the OpenAPI document, one per status, with just these problems. */
export function problemResponses(problems: readonly Slug[]) {
  const perStatus = Map.groupBy(new Set(problems), (slug) => catalogue[slug].status)
  return Object.fromEntries([...perStatus].map(([status, slugs]) => [status, problemResponse(slugs)]))
}

function problemResponse(slugs: readonly Slug[]) {
  return {
    description: slugs.map((slug) => `${catalogue[slug].titel} (\`${slug}\`).`).join(' '),
    content: {
      'application/problem+json': {
        schema: ProblemSchema,
        examples: Object.fromEntries(slugs.map((slug) => [slug, { $ref: `#/components/examples/${slug}` }]))
      }
    }
  }
}

const faults: Partial<Record<Slug, readonly object[]>> = {
  'ongeldige-invoer': [
    {
      in: 'body',
      location: '/achterstand/bedragInCenten',
      code: 'minimum',
      detail: 'Dit moet minstens 1 zijn.'
    }
  ],
  'signaal-niet-toelaatbaar': [
    {
      in: 'body',
      location: '/socialeIncasso/herinneringen',
      code: 'schriftelijke-herinnering',
      detail: 'Stuur een schriftelijke herinnering en geef de datum op.',
      grondslag: 'Bgs art. 2, aanhef en onder c'
    }
  ]
}

/** An example of every problem, by slug, for the OpenAPI document. */
export const problemExamples = Object.fromEntries(
  (Object.keys(catalogue) as Slug[]).map((slug) => {
    const { titel: title, status, uitleg: detail } = catalogue[slug]
    const errors = faults[slug]
    const value = {
      type: `/v1/problemen/${slug}`,
      title,
      status,
      detail,
      instance,
      ...(errors && { errors })
    }
    return [slug, { summary: title, value }]
  })
)

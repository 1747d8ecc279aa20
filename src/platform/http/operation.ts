import type { FastifyRequest, RouteOptions } from 'fastify'
import Type, { type TObject, type TSchema } from 'typebox'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import type { Access, Scope } from '../../begrippen/scopes.ts'
import { type Fault, invalid } from './problem.ts'
import type { Slug } from './problem-catalogue.ts'
import { problemResponses } from './problem-schema.ts'
import { tidyText } from './tidy-text.ts'
import { type App, validatorFor } from './typebox.ts'

type Parts = { params?: TObject; querystring?: TObject; body?: TSchema; response: Record<number, TSchema> }

type Description<Schema extends Parts> = {
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  readonly toegang: Access
  readonly schema: Schema
  /** The problems that this operation can answer with, besides those that follow from who may call it and what it takes. */
  readonly problems?: readonly Slug[]
  readonly headersOut?: readonly string[]
  readonly produces?: readonly string[]
  /** `idempotent`: takes an Idempotency-Key. `if-match`: changes one resource, so needs its ETag. */
  readonly takes?: readonly ('idempotency-key' | 'if-match')[]
  /** False where an Idempotency-Key is taken but refuses nothing, as there is no effect, or no client to remember it for. */
  readonly isRemembered?: boolean
  /** Takes in signals one by one, which is limited apart from other requests. */
  readonly isIntake?: true
  /** Looks up residents by who they are or where they live, which a client may do so many times a day. */
  readonly isLookUp?: true
  /** Media types of a body that the handler reads as a stream, and what each holds. */
  readonly streamedBody?: { readonly mediaTypes: Readonly<Record<string, TSchema>> }
  /**
   * A whole body that would be accepted, where the examples of its properties together are not one; its days are those
   * of one moment, see docs.ts.
   */
  readonly example?: object
  /** Rules over several fields that a schema cannot say. */
  readonly rules?: (body: never) => Fault[]
  /** What is done with a body before it is checked, besides tidying its text. */
  readonly reads?: (body: unknown) => unknown
  /** Vendor extensions of the operation in the document. */
  readonly extensions?: Record<`x-${string}`, unknown>
}

const headerSchemas = {
  'idempotency-key': {
    'idempotency-key': Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7E]{1,255}$',
        maxLength: 255,
        description: `Uw eigen sleutel voor dit verzoek, ${bewaartermijnen.idempotentie.dagen} dagen onthouden. Een herhaling met dezelfde sleutel en body heeft geen tweede gevolg.`,
        examples: ['aanlevering-2026-11-25-000123']
      })
    )
  },
  'if-match': {
    'if-match': Type.Optional(
      Type.String({
        maxLength: 500,
        description:
          'De `ETag` van de bron zoals u die kent, of `*`. Ontbreekt hij, dan volgt 428; is hij verouderd 412.',
        examples: ['"3q2-7wAAAAA"']
      })
    )
  },
  gebruiker: {
    gebruiker: Type.Optional(
      Type.String({
        pattern: '^[!-?A-~]{1,64}$',
        maxLength: 64,
        description:
          'Voor een gemeente: het pseudoniem van de medewerker voor wie uw systeem dit doet, zoals uw systeem die kent. Het komt in het logboek van verwerkingen. Geen naam of e-mailadres: tot 64 tekens zonder spaties en zonder `@`.',
        examples: ['mw-7f3a91']
      })
    )
  }
}

/** The options of one route: what the document says of it and what is checked before its handler runs. */
export function operation<Schema extends Parts>(given: Description<Schema>) {
  const { toegang, schema } = given
  const takes = headersOf(given)
  const headers = Type.Object(Object.assign({}, ...takes.map((name) => headerSchemas[name])))
  return {
    schema: {
      operationId: given.operationId,
      tags: [given.tag],
      summary: given.summary,
      description: `${given.description}${accessText(toegang)}`,
      security: securityOf(toegang),
      ...(takes.length > 0 && { headers }),
      ...schema,
      ...(given.example && { body: { ...schema.body, examples: [given.example] } }),
      ...(given.streamedBody && { body: describeStream(given.streamedBody) }),
      response: { ...schema.response, ...problemResponses(problemsOf(given)) },
      ...given.extensions,
      'x-headers-out': [...(given.headersOut ?? [])]
    } as Schema,
    config: {
      toegang,
      controleer: checksOf({ ...schema, ...(takes.length > 0 && { headers }) }, given),
      ...(given.produces && { produces: given.produces }),
      ...(given.streamedBody && { isStreamed: true }),
      ...(given.isIntake && { isIntake: true }),
      ...(given.isLookUp && { isLookUp: true })
    }
  }
}

// A municipality may say with every request for which employee it acts.
function headersOf({ toegang, takes = [] }: Description<Parts>): (keyof typeof headerSchemas)[] {
  return toegang !== 'open' && toegang.gemeente !== undefined ? [...takes, 'gebruiker'] : [...takes]
}

/** Checks each request against its route's schemas before the handler; refuses a route that says not who may call. */
export function addOperationChecks(app: App): void {
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const unguarded = routes.find(({ config }) => config?.toegang === undefined)
    if (unguarded) throw new Error(`${unguarded.method} ${unguarded.url} does not say who may call it`)
  })
  app.addHook('preValidation', async (request) => {
    const errors = request.routeOptions.config.controleer?.(request) ?? []
    if (errors.length > 0) throw invalid(errors)
  })
}

function describeStream({ mediaTypes }: { mediaTypes: Readonly<Record<string, TSchema>> }) {
  const content = Object.entries(mediaTypes).map(([mediaType, schema]) => [mediaType, { schema }])
  return { content: Object.fromEntries(content) }
}

const problemsOfHeaders: { [name in 'idempotency-key' | 'if-match']: readonly Slug[] } = {
  // What the first request recorded may be destroyed by the time of the repeat.
  'idempotency-key': ['verzoek-loopt-nog', 'toestand-staat-dit-niet-toe', 'idempotentie-conflict'],
  'if-match': ['verouderde-versie', 'versie-vereist']
}

function problemsOf({
  toegang,
  schema,
  streamedBody,
  takes = [],
  isRemembered = true,
  problems = []
}: Description<Parts>): Slug[] {
  const demanding = takes.filter((name) => isRemembered || name !== 'idempotency-key')
  const hasBody = schema.body !== undefined || streamedBody !== undefined
  return [
    // Of every operation: a query parameter that it does not know is refused.
    'ongeldige-invoer',
    ...(toegang === 'open' ? [] : (['niet-ingelogd', 'geen-toegang'] as const)),
    'niet-leverbaar',
    ...(hasBody ? (['te-groot', 'mediatype-niet-ondersteund'] as const) : []),
    ...demanding.flatMap((name) => problemsOfHeaders[name]),
    ...problems,
    'te-veel-verzoeken',
    'interne-fout',
    'tijdelijk-niet-beschikbaar'
  ]
}

// The security schemes of the document know scopes only, and a scope may be given to more than one role.
function accessText(access: Access): string {
  if (access === 'open') return ''
  const perRole = Object.entries(access).map(([rol, scopes]) =>
    scopes.length === 0 ? rol : `${rol} (${scopes.map((scope) => `\`${scope}\``).join(' of ')})`
  )
  return ` Voor: ${perRole.join('; ')}.`
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'open') return []
  const scopes = [...new Set(Object.values(access).flat() as Scope[])]
  const alternatives = scopes.map((scope) => ({ oauth2: [scope] as string[] }))
  // For some role its token is enough.
  const isRoleEnough = Object.values(access).some((needed) => needed.length === 0)
  return isRoleEnough ? [...alternatives, { oauth2: [] }] : alternatives
}

function checksOf(
  schema: { params?: TObject; querystring?: TObject; headers?: TObject; body?: TSchema },
  { rules, reads = (body) => body }: Pick<Description<Parts>, 'rules' | 'reads'>
) {
  const params = schema.params && validatorFor(schema.params, 'path')
  const query = validatorFor(schema.querystring ?? Type.Object({}, { additionalProperties: false }), 'query')
  const headers = schema.headers && validatorFor(schema.headers, 'header')
  const body = schema.body && validatorFor(schema.body, 'body')
  return (request: FastifyRequest): Fault[] => {
    const faults: Fault[] = []
    if (params) faults.push(...params(request.params).faults)
    const checkedQuery = query(withoutEmpty(request.query as Record<string, unknown>))
    faults.push(...checkedQuery.faults)
    request.query = checkedQuery.value
    if (headers) faults.push(...headers(request.headers).faults)
    if (body) {
      request.body = reads(tidyText(request.body))
      const checked = body(request.body)
      faults.push(...checked.faults)
      if (checked.faults.length === 0 && rules) faults.push(...rules(request.body as never))
    }
    return faults
  }
}

function withoutEmpty(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}

import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Content = { readonly schema: object; readonly examples?: object }
type Document = {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, Content>; headers?: object }> }>
  >
  components: object
}
export type Answer = {
  readonly method: string
  /** The path below /v1, with parameters as in the document. */
  readonly route: string
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

/** Lists what an answer gets wrong according to the document. Empty when it conforms. */
export function responseValidator(document: object): (answer: Answer) => string[] {
  const { paths, components } = document as Document
  // Each schema is compiled once, not again wherever one refers to it. The API rules check the schemas themselves.
  const options = { inlineRefs: false, validateSchema: false }
  const ajv = new Ajv2020.default({ strict: false, allErrors: true, ...options })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'hub', components })
  const compiled = new Map<object, ReturnType<typeof ajv.compile>>()
  return ({ method, route, status, headers, body }) => {
    const operation = paths[route]?.[method.toLowerCase()]
    if (operation === undefined) return [`${method} ${route} is not in the document`]
    const promised = operation.responses[status]
    if (promised === undefined) return [`${method} ${route} does not promise status ${status}`]
    const missing = Object.keys(promised.headers ?? {}).filter((name) => isMissing(name, headers))
    const faults = missing.map((name) => `${method} ${route} ${status}: header ${name} is missing`)
    if (promised.content === undefined)
      return body === '' ? faults : [...faults, 'a body where none was promised']
    const mediaType = String(headers['content-type'] ?? '').split(';')[0]!
    const { schema, examples = {} } = promised.content[mediaType] ?? {}
    if (schema === undefined)
      return [...faults, `${method} ${route} ${status}: ${mediaType} was not promised`]
    if (!mediaType.endsWith('json')) return faults
    const validate = compiled.get(schema) ?? ajv.compile(pointIntoHub(schema))
    compiled.set(schema, validate)
    const read = JSON.parse(body)
    validate(read)
    if (status >= 400 && !(slugOf(read) in examples))
      faults.push(`${method} ${route} ${status}: ${slugOf(read)} was not promised`)
    return [...faults, ...(validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)]
  }
}

function slugOf({ type }: { type: string }): string {
  return type.replace('/v1/problemen/', '')
}

// These headers are not in every answer. Link needs a next page, for example, and Idempotency-Replayed a replay.
const occasional = new Set([
  'Link',
  'Idempotency-Replayed',
  'nlgov-adr-payload-sig',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After'
])

function isMissing(name: string, headers: Record<string, unknown>): boolean {
  return !occasional.has(name) && headers[name.toLowerCase()] === undefined
}

function pointIntoHub(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"hub#/components/'))
}

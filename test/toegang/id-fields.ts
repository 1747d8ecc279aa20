import type { TestHub } from '../helpers/test-hub.ts'

type Schema = {
  readonly $ref?: string
  readonly format?: string
  readonly pattern?: string
  readonly properties?: Record<string, Schema>
  readonly items?: Schema
  readonly allOf?: Schema[]
  readonly anyOf?: Schema[]
  readonly oneOf?: Schema[]
}
type Described = {
  readonly operationId: string
  readonly parameters?: { in: string; name: string; schema: Schema }[]
  readonly requestBody?: { content: Record<string, { schema?: Schema }> }
}

/** Every field of the OpenAPI document, in a query or a body, that names something of a tenant: `operation place/name`. */
export function idFieldsOf({ app }: Pick<TestHub, 'app'>): string[] {
  const document = app.swagger() as unknown as { paths: Record<string, Record<string, Described>> }
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined
      ? schema
      : resolve(
          schema.$ref
            .slice(2)
            .split('/')
            .reduce((found: unknown, part) => (found as Record<string, unknown>)[part], document) as Schema
        )
  const within = (given: Schema, path: string): string[] => {
    const schema = resolve(given)
    const { properties = {}, items, allOf = [], anyOf = [], oneOf = [] } = schema
    return [
      ...(isId(schema, path) ? [path] : []),
      ...Object.entries(properties).flatMap(([name, inner]) => within(inner, `${path}/${name}`)),
      ...(items === undefined ? [] : within(items, `${path}[]`)),
      ...[...allOf, ...anyOf, ...oneOf].flatMap((inner) => within(inner, path))
    ]
  }
  const fields = Object.values(document.paths)
    .flatMap((operations) => Object.values(operations))
    .flatMap(({ operationId, parameters = [], requestBody }) => [
      ...parameters
        .filter((parameter) => parameter.in === 'query')
        .flatMap(({ name, schema }) =>
          within(schema, `query/${name}`).map((path) => `${operationId} ${path}`)
        ),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        schema === undefined ? [] : within(schema, 'body').map((path) => `${operationId} ${path}`)
      )
    ])
  return [...new Set(fields)].sort()
}

// What is an id by its form, or by its name: a list of ids is found by what is in it.
function isId({ format, pattern, items }: Schema, path: string): boolean {
  if (items !== undefined) return false
  return (
    format === 'uuid' ||
    pattern === '^[0-9]{4}$' ||
    /(Id|Ids\[\]|[cC]odes?(\[\])?)$/.test(path.replace('postcode', ''))
  )
}

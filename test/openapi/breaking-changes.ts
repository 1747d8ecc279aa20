// What in a new version of the document would break who was written against the old one. Both documents are read as
// this project writes them: OpenAPI 3.1, with references to components/schemas only. openapi-diff, the library for
// this on npm, refuses 3.1.

export type Node = { readonly [key: string]: unknown }

type Comparison = {
  readonly old: Node
  readonly new: Node
  /** Who sends the value. What the caller sends may be wider in the new document, what the hub sends narrower. */
  readonly sender: 'caller' | 'hub'
  readonly at: string
  /** The pairs of schemas that are being compared, so that a schema within itself ends. */
  readonly within: readonly string[]
}

type Documents = { readonly old: Node; readonly new: Node }

/** Each change from `before` to `after` that breaks a client or a receiver of events, as a line that says where. */
export function breakingChanges(before: Node, after: Node): string[] {
  const documents = { old: before, new: after }
  return [
    ...goneFrom(urlsOf(before), urlsOf(after)).map((url) => `servers: ${url} is gone`),
    ...each(before.paths, after.paths, 'path', (old, current, path) =>
      compareOperations(documents, old, current, path, 'caller')
    ),
    ...each(before.webhooks, after.webhooks, 'webhook', (old, current, name) =>
      compareOperations(documents, old, current, name, 'hub')
    )
  ]
}

const methods = ['get', 'put', 'post', 'patch', 'delete']

function compareOperations(
  documents: Documents,
  before: Node,
  after: Node,
  path: string,
  sender: 'caller' | 'hub'
): string[] {
  return each(only(before, methods), only(after, methods), `${path}: method`, (old, current, method) => {
    const at = `${method.toUpperCase()} ${path}`
    const receiver = sender === 'caller' ? 'hub' : 'caller'
    return [
      ...(old.operationId === current.operationId ? [] : [`${at}: operationId ${old.operationId} is gone`]),
      ...goneFrom(urlsOf(old), urlsOf(current)).map((url) => `${at}: server ${url} is gone`),
      ...compareSecurity(old, current, at),
      ...compareParameters(documents, old, current, at),
      ...compareRequestBody(documents, old, current, sender, at),
      ...each(old.responses, current.responses, `${at}: response`, (was, is, status) => [
        ...goneFrom(namesOf(was.headers), namesOf(is.headers)).map(
          (name) => `${at}: ${status}: header ${name} is gone`
        ),
        ...compareContent(documents, was, is, receiver, `${at}: ${status}`)
      ])
    ]
  })
}

/** A caller that was let in with its scopes must still be let in with them. */
function compareSecurity(old: Node, current: Node, at: string): string[] {
  const [were, are] = [alternativesOf(old), alternativesOf(current)]
  return were
    .filter((was) => !are.some((needed) => needed.every((scope) => was.includes(scope))))
    .map((was) => `${at}: ${was.join(' and ') || 'no token'} is no longer enough`)
}

function alternativesOf({ security = [] }: Node): string[][] {
  const alternatives = (security as Record<string, string[]>[]).map((schemes) =>
    Object.entries(schemes).flatMap(([scheme, scopes]) => [scheme, ...scopes])
  )
  return alternatives.length === 0 ? [[]] : alternatives
}

function compareParameters(documents: Documents, old: Node, current: Node, at: string): string[] {
  const [were, are] = [parametersOf(old), parametersOf(current)]
  return [
    ...each(were, are, `${at}: parameter`, (was, is, name) => [
      ...(is.required === true && was.required !== true ? [`${at}: parameter ${name} is now required`] : []),
      ...compareSchemas(documents, was, is, 'caller', `${at}: parameter ${name}`)
    ]),
    ...Object.entries(are)
      .filter(([name, is]) => !(name in were) && is.required === true)
      .map(([name]) => `${at}: parameter ${name} is new and required`)
  ]
}

function parametersOf({ parameters = [] }: Node): Record<string, Node> {
  return Object.fromEntries((parameters as Node[]).map((it) => [`${it.name} in ${it.in}`, it]))
}

function compareRequestBody(
  documents: Documents,
  { requestBody: was }: Node,
  { requestBody: is }: Node,
  sender: 'caller' | 'hub',
  at: string
): string[] {
  if (was === undefined) return (is as Node | undefined)?.required ? [`${at}: body is new and required`] : []
  if (is === undefined) return [`${at}: body is gone`]
  const [old, current] = [was as Node, is as Node]
  return [
    ...(current.required === true && old.required !== true ? [`${at}: body is now required`] : []),
    ...compareContent(documents, old, current, sender, `${at}: body`)
  ]
}

function compareContent(
  documents: Documents,
  old: Node,
  current: Node,
  sender: 'caller' | 'hub',
  at: string
): string[] {
  return each(old.content, current.content, `${at}: media type`, (was, is, mediaType) =>
    compareSchemas(documents, was, is, sender, `${at} ${mediaType}`)
  )
}

function compareSchemas(
  documents: Documents,
  { schema: was = {} }: Node,
  { schema: is = {} }: Node,
  sender: 'caller' | 'hub',
  at: string
): string[] {
  return compare(documents, { old: was as Node, new: is as Node, sender, at, within: [] })
}

// Keywords that say nothing of which values are valid, and those that have a rule of their own.
const annotations = [
  'description',
  'title',
  'examples',
  'example',
  'default',
  'deprecated',
  'readOnly',
  '$comment'
]
const ruled = [
  ...['type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'anyOf'],
  ...['minimum', 'minLength', 'minItems', 'maximum', 'maxLength', 'maxItems']
]

function compare(documents: Documents, comparison: Comparison): string[] {
  const pair = `${comparison.old.$ref} ${comparison.new.$ref}`
  if (pair !== 'undefined undefined' && comparison.within.includes(pair)) return []
  const inner = {
    ...comparison,
    old: resolve(documents.old, comparison.old),
    new: resolve(documents.new, comparison.new),
    within: [...comparison.within, pair]
  }
  return [
    ...compareValues(inner),
    ...compareBounds(inner),
    ...compareOtherKeywords(inner),
    ...compareProperties(documents, inner),
    ...compareItems(documents, inner),
    ...compareVariants(documents, inner)
  ]
}

function resolve(document: Node, schema: Node): Node {
  if (typeof schema.$ref !== 'string') return schema
  const { schemas } = document.components as { schemas: Record<string, Node> }
  const named = schemas[schema.$ref.replace('#/components/schemas/', '')]
  if (named === undefined) throw new Error(`${schema.$ref} is not in components/schemas`)
  return resolve(document, named)
}

/** The side that must admit all that the other admits, first. */
function wideAndNarrow({ old, new: current, sender }: Comparison): [wide: Node, narrow: Node] {
  return sender === 'caller' ? [current, old] : [old, current]
}

function compareValues(comparison: Comparison): string[] {
  const [wide, narrow] = wideAndNarrow(comparison)
  const { at, sender, old } = comparison
  const wideTypes = typesOf(wide)
  const types = wideTypes && (typesOf(narrow) ?? ['any']).filter((type) => !wideTypes.includes(type))
  const wideValues = valuesOf(wide)
  const values = wideValues && (valuesOf(narrow) ?? ['any']).filter((value) => !wideValues.includes(value))
  // The document says of an open list that it will grow, so clients are ready for that.
  const isOpen = sender === 'hub' && old['x-uitbreidbaar'] === true && valuesOf(narrow) !== undefined
  const word = sender === 'caller' ? 'no longer accepted' : 'now answered'
  return [
    ...(types ?? []).map((type) => `${at}: type ${type} is ${word}`),
    ...(isOpen ? [] : (values ?? []).map((value) => `${at}: value ${value} is ${word}`))
  ]
}

function typesOf({ type }: Node): string[] | undefined {
  if (type === undefined) return undefined
  const types = [type].flat() as string[]
  return types.includes('number') ? [...types, 'integer'] : types
}

function valuesOf(schema: Node): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema.const)]
  return (schema.enum as unknown[] | undefined)?.map((value) => JSON.stringify(value))
}

function compareBounds(comparison: Comparison): string[] {
  const [wide, narrow] = wideAndNarrow(comparison)
  const fault = (name: string) =>
    `${comparison.at}: ${name} ${comparison.old[name] ?? 'absent'} became ${comparison.new[name] ?? 'absent'}`
  const lower = ['minimum', 'minLength', 'minItems'].filter(
    (name) => (wide[name] ?? Number.NEGATIVE_INFINITY) > (narrow[name] ?? Number.NEGATIVE_INFINITY)
  )
  const upper = ['maximum', 'maxLength', 'maxItems'].filter(
    (name) => (wide[name] ?? Number.POSITIVE_INFINITY) < (narrow[name] ?? Number.POSITIVE_INFINITY)
  )
  return [...lower, ...upper].map(fault)
}

/** Any other keyword, such as format and pattern, may only be left out where more is admitted. */
function compareOtherKeywords(comparison: Comparison): string[] {
  const [wide, narrow] = wideAndNarrow(comparison)
  return Object.keys(wide)
    .filter((name) => !annotations.includes(name) && !ruled.includes(name) && !name.startsWith('x-'))
    .filter((name) => JSON.stringify(wide[name]) !== JSON.stringify(narrow[name]))
    .map((name) => `${comparison.at}: ${name} changed`)
}

function compareProperties(documents: Documents, comparison: Comparison): string[] {
  const { old, new: current, sender, at } = comparison
  const [were, are] = [nodesOf(old.properties), nodesOf(current.properties)]
  const [wide, narrow] = wideAndNarrow(comparison).map(({ required = [] }) => required as string[])
  const isOpen = (schema: Node) => schema.additionalProperties !== false
  return [
    ...each(were, are, `${at}: property`, (was, is, name) =>
      compare(documents, { ...comparison, old: was, new: is, at: `${at}/${name}` })
    ),
    ...goneFrom(wide!, narrow!)
      .filter((name) => sender === 'caller' || name in are)
      .map((name) => `${at}: property ${name} is ${sender === 'caller' ? 'now' : 'no longer'} required`),
    // A client passes over properties that it does not know, but the hub refuses them.
    ...(sender === 'caller' && isOpen(old) && !isOpen(current)
      ? [`${at}: other properties are refused`]
      : []),
    ...compareOthers(documents, comparison)
  ]
}

function compareOthers(documents: Documents, comparison: Comparison): string[] {
  const [was, is] = [comparison.old.additionalProperties, comparison.new.additionalProperties]
  if (typeof was !== 'object' && typeof is !== 'object') return []
  const schemaOf = (others: unknown) => (typeof others === 'object' ? (others as Node) : {})
  return compare(documents, {
    ...comparison,
    old: schemaOf(was),
    new: schemaOf(is),
    at: `${comparison.at}/*`
  })
}

function compareItems(documents: Documents, comparison: Comparison): string[] {
  const [was = {}, is = {}] = [comparison.old.items, comparison.new.items] as [Node?, Node?]
  if (was === is || (comparison.old.items ?? comparison.new.items) === undefined) return []
  return compare(documents, { ...comparison, old: was, new: is, at: `${comparison.at}[]` })
}

/** Each variant that the narrow side admits must be one that the wide side admits. */
function compareVariants(documents: Documents, comparison: Comparison): string[] {
  const { old, new: current, sender, at } = comparison
  if (old.anyOf === undefined && current.anyOf === undefined) return []
  const [were, are] = [old, current].map((schema) => (schema.anyOf ?? [schema]) as Node[])
  const [wide, narrow] = sender === 'caller' ? [are!, were!] : [were!, are!]
  const faultsOf = (inWide: Node, inNarrow: Node) => {
    const [was, is] = sender === 'caller' ? [inNarrow, inWide] : [inWide, inNarrow]
    return compare(documents, { ...comparison, old: withoutVariants(was), new: withoutVariants(is) })
  }
  return narrow
    .map((variant, place) => ({ variant, place }))
    .filter(({ variant }) => !wide.some((other) => faultsOf(other, variant).length === 0))
    .map(({ place }) => `${at}: variant ${place} is ${sender === 'caller' ? 'no longer accepted' : 'new'}`)
}

function withoutVariants(schema: Node): Node {
  const { anyOf: _, ...rest } = schema
  return rest
}

/** Compares what stands on both sides under the same name, and reports what is gone. */
function each(
  before: unknown,
  after: unknown,
  kind: string,
  compareOne: (before: Node, after: Node, name: string) => string[]
): string[] {
  const [were, are] = [nodesOf(before), nodesOf(after)]
  return Object.entries(were).flatMap(([name, was]) =>
    name in are ? compareOne(was, are[name]!, name) : [`${kind} ${name} is gone`]
  )
}

function nodesOf(node: unknown): Record<string, Node> {
  return (node ?? {}) as Record<string, Node>
}

function namesOf(node: unknown): string[] {
  return Object.keys(nodesOf(node))
}

function only(node: Node, names: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([name]) => names.includes(name)))
}

function urlsOf({ servers = [] }: Node): string[] {
  return (servers as { url: string }[]).map(({ url }) => url)
}

function goneFrom(before: readonly string[], after: readonly string[]): string[] {
  return before.filter((name) => !after.includes(name))
}

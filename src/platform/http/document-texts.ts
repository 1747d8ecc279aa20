type Node = { [key: string]: unknown }
type Path = readonly string[]

/** A text for people in an OpenAPI document, and the keys that lead to it. */
export type DocumentText = { readonly path: Path; readonly text: string }

const textKeys = ['summary', 'description', 'title']

// Below these stand names that the document gives itself, of which one may be called `description`.
const mapKeys = [
  ...['paths', 'webhooks', 'properties', 'patternProperties', 'responses', 'headers', 'content'],
  ...['schemas', 'examples', 'securitySchemes', 'scopes']
]

// What stands below these is data.
const dataKeys = ['example', 'value', 'default', 'enum', 'const', 'required', 'security']

/** Every summary, description and title of the document, in its order; those of scopes too. No names and no examples. */
export function textsOf(document: object): DocumentText[] {
  const found: DocumentText[] = []
  mapTexts(document, (text, path) => {
    found.push({ path, text })
    return text
  })
  return found
}

/** The same document with every text replaced. */
export function mapTexts<Document extends object>(
  document: Document,
  replace: (text: string, path: Path) => string
): Document {
  return mapMembers(document as Node, [], '', replace) as Document
}

function mapMembers(
  node: Node,
  path: Path,
  map: string,
  replace: (text: string, path: Path) => string
): Node {
  const entries = Object.entries(node).map(([key, inner]) => {
    const at = [...path, key]
    const isText = map === 'scopes' || (map === '' && textKeys.includes(key))
    if (typeof inner === 'string' && isText) return [key, replace(inner, at)]
    if (map === '' && (dataKeys.includes(key) || key.startsWith('x-'))) return [key, inner]
    return [key, mapInner(inner, at, map === '' && mapKeys.includes(key) ? key : '', replace)]
  })
  return Object.fromEntries(entries)
}

function mapInner(
  inner: unknown,
  path: Path,
  map: string,
  replace: (text: string, path: Path) => string
): unknown {
  if (typeof inner !== 'object' || inner === null) return inner
  if (!Array.isArray(inner)) return mapMembers(inner as Node, path, map, replace)
  // The examples of a schema are a list of values.
  return map === 'examples'
    ? inner
    : inner.map((item, i) => mapInner(item, [...path, String(i)], '', replace))
}

import { type DocumentText, textsOf } from '../platform/http/document-texts.ts'
import { englishOf } from '../platform/http/in-english.ts'

type Node = { [key: string]: unknown }
type Action = { target: string; update: Node }
type Place = { readonly target: string; readonly inner: readonly string[]; readonly text: string }

/** The OpenAPI Overlay 1.0 that puts the document into English: an action for each operation, schema, header and the like. */
export function overlayOf(document: object): object {
  const root = document as { info: { title: string; version: string } }
  return {
    overlay: '1.0.0',
    info: { title: `${root.info.title} in English`, version: root.info.version },
    extends: 'openapi.json',
    actions: actionsOf(document as Node)
  }
}

function actionsOf(document: Node): Action[] {
  const texts = textsOf(document).map(({ path, text }) => ({ path, text: englishOf(text) ?? text }))
  const shared = sharedTargets(document, texts)
  const places = texts.map((found) => placeOf(document, found, shared))
  return [...Map.groupBy(places, ({ target }) => target)].map(([target, ofOne]) => {
    const update: Node = {}
    for (const { inner, text } of ofOne) setAt(update, inner, text)
    return { target, update }
  })
}

function placeOf(document: Node, { path, text }: DocumentText, shared: ReadonlySet<string>): Place {
  const everywhere = everywhereOf(document, path)
  if (everywhere && shared.has(everywhere.target)) return { ...everywhere, text }
  const depth = depthOf(path)
  return { target: `$${stepsTo(document, path.slice(0, depth))}`, inner: path.slice(depth), text }
}

/** The targets that name a header or parameter wherever it stands, of those that say the same everywhere. */
function sharedTargets(document: Node, texts: readonly DocumentText[]): Set<string> {
  const said = new Map<string, Set<string>>()
  for (const { path, text } of texts) {
    const everywhere = everywhereOf(document, path)
    if (!everywhere) continue
    const key = everywhere.target
    said.set(key, (said.get(key) ?? new Set()).add(`${everywhere.inner.join(' ')} ${text}`))
  }
  return new Set([...said].filter(([, ways]) => ways.size === 1).map(([target]) => target))
}

function everywhereOf(document: Node, path: readonly string[]): Omit<Place, 'text'> | undefined {
  const [section, , , kind, key, headers, name] = path
  if (section !== 'paths') return undefined
  if (kind === 'responses' && headers === 'headers') {
    return { target: `$.paths[*][*].responses[*].headers[${quoted(name!)}]`, inner: path.slice(7) }
  }
  if (kind !== 'parameters') return undefined
  const named = filterFor(at(document, path.slice(0, 5)))
  return { target: `$.paths[*][*].parameters${named ?? `[${key}]`}`, inner: path.slice(5) }
}

// An update merges objects but adds to lists, so a target goes down to the last list on the way.
function depthOf(path: readonly string[]): number {
  const last = path.findLastIndex((key) => /^\d+$/.test(key) && !isStatus(path, key))
  const whole = ['paths', 'webhooks', 'components'].includes(path[0]!) ? 3 : 1
  return Math.max(whole, last + 1)
}

function isStatus(path: readonly string[], key: string): boolean {
  return path[path.indexOf(key) - 1] === 'responses'
}

function stepsTo(document: Node, path: readonly string[]): string {
  return path
    .map((key, i) => {
      if (!Array.isArray(at(document, path.slice(0, i))))
        return /^[a-z]+$/i.test(key) ? `.${key}` : `[${quoted(key)}]`
      return filterFor(at(document, path.slice(0, i + 1))) ?? `[${key}]`
    })
    .join('')
}

// By name, so that a target still hits when something is put before it.
function filterFor(item: unknown): string | undefined {
  const { name } = item as { name?: unknown }
  return typeof name === 'string' ? `[?(@.name == ${quoted(name)})]` : undefined
}

function quoted(name: string): string {
  return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function at(node: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, key) => (inner as Node)[key], node)
}

function setAt(node: Node, path: readonly string[], text: string): void {
  const [key, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) {
    node[key] = text
    return
  }
  node[key] ??= {}
  setAt(node[key] as Node, rest, text)
}

// Values of these keys are data, so what looks like a schema in them is none.
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])
const MAPS = ['properties', 'patternProperties', '$defs']
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const SINGLES = ['items', 'additionalProperties', 'unevaluatedProperties']

/**
 * Every schema of a resolved OpenAPI document as `{ schema, path, property?, parameter?, foreign }`.
 * `if`, `then`, `not` and `contains` are left out: they narrow a schema, they do not describe a value of their own.
 */
export function* schemasOf(document) {
  yield* below(document, [])
}

function* below(node, path) {
  for (const [key, value] of entries(node)) {
    if (DATA.has(key) || key.startsWith('x-')) continue
    if (key === 'schema') yield* schemas({ schema: value, path: [...path, key], ...parameterName(node) })
    else if (path.at(-1) === 'components' && key === 'schemas') yield* named(value, [...path, key])
    else yield* below(value, [...path, key])
  }
}

function parameterName(node) {
  return node.in === 'query' || node.in === 'path' ? { parameter: node.name } : {}
}

function* named(map, path) {
  for (const [name, schema] of entries(map)) yield* schemas({ schema, path: [...path, name] })
}

function* schemas({ foreign: inForeign = false, ...found }) {
  const { schema, path } = found
  if (!isObject(schema)) return
  const foreign = inForeign || typeof schema['x-extern-model'] === 'string'
  yield { ...found, foreign }
  for (const key of MAPS) {
    for (const [name, child] of entries(schema[key])) {
      const property = key === 'properties' ? { property: name } : {}
      yield* schemas({ schema: child, path: [...path, key, name], foreign, ...property })
    }
  }
  for (const key of LISTS) {
    for (const [index, child] of entries(schema[key])) {
      yield* schemas({ schema: child, path: [...path, key, index], foreign })
    }
  }
  for (const key of SINGLES) yield* schemas({ schema: schema[key], path: [...path, key], foreign })
}

/** The JSON types a schema allows; without `type`, the one its keywords give away. */
export function typesOf(schema) {
  if (schema.type !== undefined) return [schema.type].flat()
  if (schema.properties !== undefined) return ['object']
  return schema.items === undefined ? [] : ['array']
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entries(value) {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

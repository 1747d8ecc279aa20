import { isDeepStrictEqual } from 'node:util'

type Fields = Readonly<Record<string, unknown>>

/** What of the wanted fields is otherwise in what there is, as a JSON Merge Patch; nothing when all is as wanted. */
export function differences(wanted: Fields, found: Fields): Fields {
  const changed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(wanted)) {
    const part = isFields(value) && isFields(found[name]) ? differences(value, found[name]) : undefined
    if (part === undefined ? !isSame(value, found[name]) : Object.keys(part).length > 0)
      changed[name] = part ?? value
  }
  return changed
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// The order of sectors, scopes and municipalities says nothing.
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(sorted(one), sorted(other))
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value
}

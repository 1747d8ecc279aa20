import t from 'tap'
import type { TSchema } from 'typebox'
import {
  type CsvColumn,
  csvColumns,
  pathOf,
  rowToSignal
} from '../../src/aanlevering/leveringen/csv-columns.ts'
import type { AangeleverdSignaal } from '../../src/begrippen/vroegsignaal.ts'
import { validatorFor } from '../../src/platform/http/typebox.ts'
import { normaliseVroegsignaal } from '../../src/vroegsignalen/normalise-vroegsignaal.ts'
import { type SignaalInvoer, VroegsignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'

// A field of a signal appears in the schema, in a type and in the CSV columns. It must be in all three.

/** The dotted paths of all fields of a type. A list adds nothing to the path. */
type Paths<Value> = Value extends readonly (infer Item)[]
  ? Paths<Item>
  : Value extends object
    ? { [Name in keyof Value & string]: PathsAt<Name, NonNullable<Value[Name]>> }[keyof Value & string]
    : never
type PathsAt<Name extends string, Value> = Name | `${Name}.${Paths<Value>}`

/** True when the two unions have the same members. Otherwise the members that only one of them has. */
type Same<One, Other> = [Exclude<One, Other> | Exclude<Other, One>] extends [never]
  ? true
  : Exclude<One, Other> | Exclude<Other, One>

/** The dotted paths of all leaf fields below a schema. A list adds nothing to the path. */
function leafPaths(schema: TSchema): string[] {
  if ('items' in schema) return leafPaths(schema.items as TSchema)
  if (!('properties' in schema)) return ['']
  return Object.entries(schema.properties as Record<string, TSchema>).flatMap(([name, field]) =>
    leafPaths(field).map((path) => (path === '' ? name : `${name}.${path}`))
  )
}

/** A value with every field of the schema, filled with the examples in the document. */
function fullExample(schema: TSchema): unknown {
  if ('items' in schema) return [fullExample(schema.items as TSchema)]
  if (!('properties' in schema)) return (schema as { examples?: unknown[] }).examples![0]
  const fields = Object.entries(schema.properties as Record<string, TSchema>)
  return Object.fromEntries(fields.map(([name, field]) => [name, fullExample(field)]))
}

/** All values at a dotted path: one for each item of the lists along it. */
function valuesAt(value: unknown, path: string): unknown[] {
  const [name, ...rest] = path.split('.') as [string, ...string[]]
  const found = [value].flat().flatMap((one) => (one as Record<string, unknown>)[name] ?? [])
  return rest.length === 0 ? found : valuesAt(found, rest.join('.'))
}

const paths = leafPaths(VroegsignaalInvoer)
const full = fullExample(VroegsignaalInvoer) as SignaalInvoer

t.test('the type of a signal in the hub has the fields of the type on the wire', async (t) => {
  t.ok(true satisfies Same<Paths<SignaalInvoer>, Paths<AangeleverdSignaal>>)
})

t.test('every field of the wire comes out of its normal form', async (t) => {
  t.same(validatorFor(VroegsignaalInvoer, 'body')(full).faults, [], 'the examples are a valid signal')
  t.ok(paths.length > 30)
  const normal = normaliseVroegsignaal(full)
  for (const path of paths) t.same(valuesAt(normal, path), valuesAt(full, path), path)
  t.same(normal, full, 'and nothing else')
})

t.test('every field of the wire has a column in CSV, and reads from it', async (t) => {
  const columns = (Object.keys(csvColumns) as CsvColumn[]).filter((column) => pathOf(column) === column)
  t.same(columns.toSorted(), paths.toSorted())
  const cells = columns.map((column) => valuesAt(full, column).join('|'))
  t.same(rowToSignal(columns, cells), { signal: full, faults: [] })
})

import type { TObject, TSchema } from 'typebox'

type Copy = (value: never) => unknown

/** Makes a function that copies a valid value, with fields in the order of the schema and absent ones left out. */
export function inOrderOf<Value>(schema: TSchema): (value: Value) => Value {
  return copyOf(schema) as (value: Value) => Value
}

function copyOf(schema: TSchema): Copy {
  if ('properties' in schema) return copyOfObject(schema as TObject)
  if (!('items' in schema)) return (value) => value
  const item = copyOf(schema.items as TSchema)
  return (values: never[]) => values.map((value) => item(value))
}

// Built one field at a time, because an object stays slow once a field has been deleted from it.
function copyOfObject({ properties }: TObject): Copy {
  const fields = Object.entries(properties).map(([name, field]) => [name, copyOf(field)] as const)
  return (value: Record<string, never>) => {
    const copy: Record<string, unknown> = {}
    for (const [name, copyField] of fields) {
      if (value[name] !== undefined) copy[name] = copyField(value[name])
    }
    return copy
  }
}

import type { DataKey } from './data-keys.ts'
import { seal, unseal, versionOf } from './seal.ts'

/** The row that sealed bytes belong to. They cannot be opened for another row or tenant, or under another key. */
export type Place = {
  readonly table: string
  /** The municipality; the partner where the row is not bound to one. */
  readonly tenant: string
  readonly id: string
}

const current = 2

/** Encrypts a text for its row under a data key. A version from 2 on says in which form the text is. */
export function sealFor(key: DataKey, place: Place, text: string, version = current): Buffer {
  return seal(key.key, Buffer.from(text), bindingOf(place, key), version)
}

/** Decrypts the text of a row; throws when the bytes were altered or belong to another row. */
export function unsealFor(key: DataKey, place: Place, sealed: Buffer): string {
  const binding = versionOf(sealed) >= current ? bindingOf(place, key) : firstBindingOf(place, key)
  return unseal(key.key, sealed, binding).toString()
}

/** The same, or undefined when it cannot be opened: its data key is gone, or its bytes are not what they were. */
export function tryUnsealFor(key: DataKey | undefined, place: Place, sealed: Buffer): string | undefined {
  if (key === undefined) return undefined
  try {
    return unsealFor(key, place, sealed)
  } catch {
    return undefined
  }
}

function bindingOf({ table, tenant, id }: Place, key: DataKey): string {
  return [table, tenant, id, key.id].join('|')
}

// The first version bound tenant and day for signals only.
function firstBindingOf({ table, tenant, id }: Place, { dag }: DataKey): string {
  return table === 'vroegsignaal' ? [table, tenant, id, dag].join('|') : [table, id].join('|')
}

import type { DataKey } from './key-ring.ts'
import { seal, unseal, versionOf } from './seal.ts'

/** The row that sealed bytes belong to: they open in no other row, for no other tenant and under no other key. */
export type Place = {
  readonly table: string
  /** The municipality, or the partner where the row has none. */
  readonly tenant: string
  readonly id: string
}

const current = 2

/** Encrypts a text for its row under the data key of the row's day of destruction. */
export function sealFor(key: DataKey, place: Place, text: string): Buffer {
  return seal(key.key, Buffer.from(text), contextOf(place, key), current)
}

/** Decrypts the text of a row; throws when the bytes were altered or belong to another row. */
export function unsealFor(key: DataKey, place: Place, sealed: Buffer): string {
  const context = versionOf(sealed) === current ? contextOf(place, key) : firstContextOf(place, key)
  return unseal(key.key, sealed, context).toString()
}

function contextOf({ table, tenant, id }: Place, key: DataKey): string {
  return [table, tenant, id, key.id].join('|')
}

// The first version bound the tenant and the day for signals only.
function firstContextOf({ table, tenant, id }: Place, { dag }: DataKey): string {
  return table === 'vroegsignaal' ? [table, tenant, id, dag].join('|') : [table, id].join('|')
}

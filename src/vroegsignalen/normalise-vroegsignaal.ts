import { normaliseAdres } from '../adressen/normalise-adres.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { inOrderOf } from '../platform/http/schema-order.ts'
import { type SignaalInvoer, VroegsignaalInvoer } from './vroegsignaal-schema.ts'

const inOrder = inOrderOf<SignaalInvoer>(VroegsignaalInvoer)

/**
 * Writes the same content in the same way: postcode `1234AB`, letter and addition in upper case, fields in the order of
 * the schema. Equal content is then equal text.
 */
export function normaliseVroegsignaal(invoer: SignaalInvoer): AangeleverdSignaal {
  const { adres, socialeIncasso = {} } = invoer
  return inOrder({ ...invoer, adres: normaliseAdres(adres), socialeIncasso }) as AangeleverdSignaal
}

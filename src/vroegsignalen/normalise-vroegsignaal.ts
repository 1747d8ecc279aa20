import { normaliseAdres } from '../adressen/normalise-adres.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { inOrderOf } from '../platform/http/schema-order.ts'
import { type SignaalInvoer, VroegsignaalInvoer } from './vroegsignaal-schema.ts'

const inOrder = inOrderOf<SignaalInvoer>(VroegsignaalInvoer)

/**
 * One way of writing for what means the same: postcode `1234AB`, letter and addition in upper case. Fields come out in the
 * order of the schema, so that equal content is equal text.
 */
export function normaliseVroegsignaal(invoer: SignaalInvoer): AangeleverdSignaal {
  const { adres, socialeIncasso = {} } = invoer
  return inOrder({ ...invoer, adres: normaliseAdres(adres), socialeIncasso }) as AangeleverdSignaal
}

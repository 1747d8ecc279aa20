import { createHash } from 'node:crypto'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { signStatement } from '../platform/crypto/statement.ts'
import type { IsoDate } from '../time.ts'

/** What a statement of destruction says; no name, reference or hash of a person. */
export type Verklaring = {
  readonly iss: string
  readonly id: string
  readonly gemeentecode: string
  readonly volgnummer: number
  readonly uitgevoerdOp: string
  readonly aanleiding: string
  readonly aantalVroegsignalen: number
  readonly aantalHuishoudens: number
  /** First and last day of destruction among the signals. */
  readonly vernietigingsdatumVan: IsoDate
  readonly vernietigingsdatumTotEnMet: IsoDate
  /** Hash over the sorted random ids of the signals: who kept the ids can check that they were among them. */
  readonly idsHash: string
  /** The data keys of those days and when each was destroyed: older copies of the rows can be read no more. */
  readonly dagsleutels: readonly { id: string; dag: IsoDate; vernietigdOp: string }[]
  /** SHA-256 of the municipality's previous statement, so that none can be left out unseen. */
  readonly vorige: string | null
}

/** The kind of statement that this is. */
export const bewijstype = 'vernietigingsbewijs+jws'

/** Signs a statement of destruction. */
export async function signBewijs(keys: KeyRing, verklaring: Verklaring): Promise<string> {
  return signStatement(keys, bewijstype, verklaring)
}

export function hashIds(ids: readonly string[]): string {
  return createHash('sha256')
    .update([...ids].sort().join('\n'))
    .digest('base64url')
}

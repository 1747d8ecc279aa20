import type { DataKey } from '../../platform/crypto/data-keys.ts'
import { type Place, sealFor, tryUnsealFor } from '../../platform/crypto/seal-row.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Aanmelding } from './aanmelding-schema.ts'
import type { AanmeldingRij } from './aanmelding-store.ts'

/** What an application holds, apart from what its row says. */
export type Aanmeldinggegevens = Omit<Aanmelding, 'id' | 'status' | 'ontvangenOp'>

/** Encrypts what an application holds under the key of its last day. */
export function sealAanmelding(key: DataKey, id: string, gegevens: Aanmeldinggegevens): Buffer {
  return sealFor(key, placeOf(id), JSON.stringify(gegevens))
}

/** Applications as they are shown. One that cannot be opened is left out, as when its key is gone. */
export async function openAanmeldingen(
  { keys, unreadable }: Pick<Handeling, 'keys' | 'unreadable'>,
  rows: readonly AanmeldingRij[]
): Promise<Aanmelding[]> {
  const found = await keys.findDataKeys([
    ...new Set(rows.map(({ vernietigingsdatum }) => vernietigingsdatum))
  ])
  return rows.flatMap(({ id, status, ontvangenOp, vernietigingsdatum, inhoud }) => {
    const text = tryUnsealFor(found.get(vernietigingsdatum), placeOf(id), inhoud)
    if (text === undefined) {
      unreadable.add(id)
      return []
    }
    const gegevens: Aanmeldinggegevens = JSON.parse(text)
    return [{ id, status, ...gegevens, ontvangenOp: ontvangenOp.toISOString() }]
  })
}

function placeOf(id: string): Place {
  return { table: 'aanmelding', tenant: 'beheer', id }
}

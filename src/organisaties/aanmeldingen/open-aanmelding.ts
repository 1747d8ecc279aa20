import type { DataKey } from '../../platform/crypto/data-keys.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { type Place, sealFor, unsealFor } from '../../platform/crypto/seal-row.ts'
import type { Aanmelding } from './aanmelding-schema.ts'
import type { AanmeldingRij } from './aanmelding-store.ts'

/** What an application holds, apart from what its row says. */
export type Aanmeldinggegevens = Omit<Aanmelding, 'id' | 'status' | 'ontvangenOp'>

/** Encrypts what an application holds under the key of its last day. */
export function sealAanmelding(key: DataKey, id: string, gegevens: Aanmeldinggegevens): Buffer {
  return sealFor(key, placeOf(id), JSON.stringify(gegevens))
}

/** Applications as they are shown. One whose key is gone is left out: it is as good as destroyed. */
export async function openAanmeldingen(keys: KeyRing, rows: readonly AanmeldingRij[]): Promise<Aanmelding[]> {
  const found = await keys.findDataKeys([
    ...new Set(rows.map(({ vernietigingsdatum }) => vernietigingsdatum))
  ])
  return rows.flatMap(({ id, status, ontvangenOp, vernietigingsdatum, inhoud }) => {
    const key = found.get(vernietigingsdatum)
    if (key === undefined) return []
    const gegevens: Aanmeldinggegevens = JSON.parse(unsealFor(key, placeOf(id), inhoud))
    return [{ id, status, ...gegevens, ontvangenOp: ontvangenOp.toISOString() }]
  })
}

function placeOf(id: string): Place {
  return { table: 'aanmelding', tenant: 'beheer', id }
}

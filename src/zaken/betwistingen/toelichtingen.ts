import type { Tables } from '../../begrippen/tables.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { type Place, sealFor } from '../../platform/crypto/seal-row.ts'
import { notFound } from '../../platform/http/problem.ts'
import { logVroegsignalenOf } from '../../sporen/log-processing.ts'
import { openSealed } from '../../sporen/open-sealed.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { BetwistingRij } from './betwisting-store.ts'

/** The explanations of both sides in a contest. Sealed, because people write names in such fields. */
export type Toelichtingen = { readonly toelichting?: string; readonly toelichtingReactie?: string }

/** Encrypts the texts of a contest for its row; throws niet-gevonden when its data key was destroyed. */
export async function sealToelichtingen(
  keys: KeyRing,
  row: Pick<BetwistingRij, 'gemeentecode' | 'id' | 'sleuteldag'>,
  texts: Toelichtingen
): Promise<Buffer> {
  const key = (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)
  if (key === undefined) throw notFound()
  return sealFor(key, placeOf(row), JSON.stringify(texts))
}

/**
 * Opens the texts of contests, in the order of `rows`; empty where the data key was destroyed. The caller must log it.
 */
export async function openToelichtingen(
  handeling: Handeling,
  rows: readonly BetwistingRij[]
): Promise<Toelichtingen[]> {
  const texts = await openSealed(
    handeling,
    rows.map((row) => ({
      place: placeOf(row),
      dag: row.sleuteldag,
      inhoud: row.inhoud,
      vroegsignaalId: row.vroegsignaalId
    }))
  )
  return texts.map((text) => (text === undefined ? {} : JSON.parse(text)))
}

/** Opens the texts of contests as `openToelichtingen` does, and logs who saw whose data. */
export async function readToelichtingen(
  handeling: Handeling,
  rows: readonly BetwistingRij[]
): Promise<Toelichtingen[]> {
  await logVroegsignalenOf(handeling, 'betwisting-inzien', rows)
  return openToelichtingen(handeling, rows)
}

function placeOf({ gemeentecode, id }: Pick<BetwistingRij, 'gemeentecode' | 'id'>): Place {
  return { table: 'betwisting' satisfies keyof Tables, tenant: gemeentecode, id }
}

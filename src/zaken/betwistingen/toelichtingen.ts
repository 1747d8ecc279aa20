import type { Tables } from '../../begrippen/tables.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { type Place, sealFor } from '../../platform/crypto/seal-row.ts'
import { notFound } from '../../platform/http/problem.ts'
import { logVroegsignalenOf } from '../../sporen/log-processing.ts'
import { openSealed, type Sealed } from '../../sporen/open-sealed.ts'
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
  const texts = await openSealed(handeling, rows.map(sealedOf))
  return texts.map((text) => (text === undefined ? {} : JSON.parse(text)))
}

/** The texts of contests sealed anew for another municipality, in the order of `rows`; null where they cannot be opened. */
export async function resealToelichtingen(
  keys: KeyRing,
  rows: readonly Pick<BetwistingRij, 'gemeentecode' | 'id' | 'sleuteldag' | 'vroegsignaalId' | 'inhoud'>[],
  naar: string
): Promise<(Buffer | null)[]> {
  const opening = { keys, opened: new Set<string>(), unreadable: new Set<string>() }
  const texts = await openSealed(opening, rows.map(sealedOf))
  const dataKeys = await keys.findDataKeys(rows.map(({ sleuteldag }) => sleuteldag))
  return rows.map(({ id, sleuteldag }, index) => {
    const text = texts[index]
    if (text === undefined) return null
    return sealFor(dataKeys.get(sleuteldag)!, placeOf({ gemeentecode: naar, id }), text)
  })
}

/** Opens the texts of contests as `openToelichtingen` does, and logs who saw whose data. */
export async function readToelichtingen(
  handeling: Handeling,
  rows: readonly BetwistingRij[]
): Promise<Toelichtingen[]> {
  await logVroegsignalenOf(handeling, 'betwisting-inzien', rows)
  return openToelichtingen(handeling, rows)
}

function sealedOf({
  vroegsignaalId,
  sleuteldag: dag,
  inhoud,
  ...row
}: Pick<BetwistingRij, 'gemeentecode' | 'id' | 'sleuteldag' | 'vroegsignaalId' | 'inhoud'>): Sealed {
  return { place: placeOf(row), dag, inhoud, vroegsignaalId }
}

function placeOf({ gemeentecode, id }: Pick<BetwistingRij, 'gemeentecode' | 'id'>): Place {
  return { table: 'betwisting' satisfies keyof Tables, tenant: gemeentecode, id }
}

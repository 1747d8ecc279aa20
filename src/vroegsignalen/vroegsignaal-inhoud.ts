import type { Tables } from '../begrippen/tables.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Bevinding, Uitkomst } from '../beoordeling/criterium.ts'
import type { DataKey } from '../platform/crypto/key-ring.ts'
import { type Place, sealFor } from '../platform/crypto/seal-row.ts'
import { openSealed } from '../sporen/open-sealed.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'

/** The criteria by outcome, as they were at intake or at the last correction: slugs per outcome. */
export type Beoordeling = {
  readonly voldaan: readonly string[]
  readonly waarschuwing: readonly string[]
  readonly 'niet-van-toepassing': readonly string[]
}

/** The content of a signal, which only its sender and its municipality may read. */
export type Inhoud = {
  readonly signaal: AangeleverdSignaal
  readonly beoordeling: Beoordeling
  /** The id that the address register gives the address, where it gives one. */
  readonly nummeraanduiding?: string
}

type SealedRow = {
  readonly gemeentecode: string
  readonly id: string
  readonly sleuteldag: IsoDate
  readonly inhoud: Buffer
}

/** Summarises the findings on an admitted signal, as they are kept. */
export function summarise(bevindingen: readonly Bevinding[]): Beoordeling {
  const slugs = (uitkomst: Uitkomst) =>
    bevindingen
      .filter((bevinding) => bevinding.uitkomst === uitkomst)
      .map(({ criterium }) => criterium.criterium)
  return {
    voldaan: slugs('voldaan'),
    waarschuwing: slugs('waarschuwing'),
    'niet-van-toepassing': slugs('niet-van-toepassing')
  }
}

/** Encrypts a signal for its row, under the data key of its `sleuteldag`. */
export function sealInhoud(
  key: DataKey,
  row: { readonly gemeentecode: string; readonly id: string },
  inhoud: Inhoud
): Buffer {
  return sealFor(key, placeOf(row), JSON.stringify(inhoud))
}

/** Decrypts signals, in the order given; undefined where the data key was destroyed. Throws when bytes were altered. */
export async function openInhoud(
  handeling: Pick<Handeling, 'keys' | 'opened'>,
  rows: readonly SealedRow[]
): Promise<(Inhoud | undefined)[]> {
  const texts = await openSealed(
    handeling,
    rows.map((row) => ({
      place: placeOf(row),
      dag: row.sleuteldag,
      inhoud: row.inhoud,
      vroegsignaalId: row.id
    }))
  )
  return texts.map((text) => (text === undefined ? undefined : JSON.parse(text)))
}

function placeOf({ gemeentecode, id }: { gemeentecode: string; id: string }): Place {
  return { table: 'vroegsignaal' satisfies keyof Tables, tenant: gemeentecode, id }
}

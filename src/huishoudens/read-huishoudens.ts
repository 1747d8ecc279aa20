import { logHuishoudens } from '../sporen/log-processing.ts'
import { discardOpened } from '../sporen/open-sealed.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { showVroegsignalen } from '../vroegsignalen/show-vroegsignalen.ts'
import type { Vroegsignaal } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listVroegsignalenById } from '../vroegsignalen/vroegsignaal-store.ts'
import type { Huishouden } from './huishouden-schema.ts'
import type { HuishoudenRij } from './huishouden-store.ts'

/** Thrown when a household lost a signal after it was counted; nothing has been shown or logged. */
export class OutdatedHuishouden extends Error {}

/**
 * Shows households with their signals, in the order of `rows`, and logs each one in the same transaction: without a log
 * line nothing is shown. Those that are not wanted are neither shown nor logged. Throws OutdatedHuishouden.
 */
export async function readHuishoudens(
  handeling: Handeling,
  rows: readonly HuishoudenRij[],
  isWanted: (huishouden: Huishouden) => boolean = () => true
): Promise<Huishouden[]> {
  const signals = await signalsById(handeling, rows)
  const found = rows.flatMap((row) => showHousehold(row, signals))
  if (found.some(({ aantalSignalen, vroegsignalen }) => aantalSignalen !== vroegsignalen.length)) {
    throw new OutdatedHuishouden()
  }
  const shown = found.filter(isWanted)
  const seen = new Set(shown.map(({ id }) => id))
  const logged = Map.groupBy(rows, ({ id }) => seen.has(id))
  await logHuishoudens(handeling, 'huishouden-inzien', logged.get(true) ?? [])
  discardOpened(
    handeling,
    (logged.get(false) ?? []).flatMap(({ vroegsignaalIds }) => vroegsignaalIds)
  )
  return shown
}

async function signalsById(
  handeling: Handeling,
  rows: readonly HuishoudenRij[]
): Promise<Map<string, Vroegsignaal>> {
  const found = await listVroegsignalenById(
    handeling.tx,
    rows.flatMap(({ vroegsignaalIds }) => vroegsignaalIds)
  )
  return new Map((await showVroegsignalen(handeling, found)).map((signal) => [signal.id, signal]))
}

// Leaves out a household that lost all its signals after it was counted.
function showHousehold(row: HuishoudenRij, signals: ReadonlyMap<string, Vroegsignaal>): Huishouden[] {
  const {
    id,
    gemeentecode,
    adresIndex: _,
    urgentie: __,
    geplandeDatum,
    vroegsignaalIds,
    eersteSignaalOp,
    laatsteSignaalOp,
    adresindicatieBron: bron,
    adresindicatieDatum: datum,
    adresBekend,
    ...counted
  } = row
  // A signal that moved since then is another municipality's, even when the caller works for both.
  const vroegsignalen = vroegsignaalIds.flatMap((signalId) => {
    const signal = signals.get(signalId)
    return signal?.gemeentecode === gemeentecode ? signal : []
  })
  const [newest] = vroegsignalen
  if (newest === undefined) return []
  return [
    {
      id,
      gemeentecode,
      adres: newest.adres,
      ...(adresBekend !== null && { adresBekend }),
      ...counted,
      ...(geplandeDatum !== null && { geplandeDatum }),
      eersteSignaalOp: eersteSignaalOp.toISOString(),
      laatsteSignaalOp: laatsteSignaalOp.toISOString(),
      ...(bron !== null && datum !== null && { adresindicatie: { bron, datum } }),
      vroegsignalen
    }
  ]
}

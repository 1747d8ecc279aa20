import { logHuishoudens } from '../sporen/log-processing.ts'
import { discardOpened } from '../sporen/open-sealed.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { showVroegsignalen } from '../vroegsignalen/show-vroegsignalen.ts'
import type { Vroegsignaal } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listVroegsignalenById } from '../vroegsignalen/vroegsignaal-store.ts'
import type { Huishouden } from './huishouden-schema.ts'
import type { HuishoudenRij } from './huishouden-store.ts'

/** A household lost a signal since it was counted; nothing was shown or logged. */
export class OutdatedHuishouden extends Error {}

/**
 * Shows households with their signals, in the order of `rows`, and writes one line of the processing log for each
 * in the same transaction: when the log cannot be written, nothing is shown. Throws OutdatedHuishouden.
 */
export async function readHuishoudens(
  handeling: Handeling,
  rows: readonly HuishoudenRij[]
): Promise<Huishouden[]> {
  const signals = await signalsById(handeling, rows)
  const shown = rows.flatMap((row) => showHousehold(row, signals))
  if (shown.some(({ aantalSignalen, vroegsignalen }) => aantalSignalen !== vroegsignalen.length)) {
    throw new OutdatedHuishouden()
  }
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

// A household whose signals have all gone since it was counted is not shown any more.
function showHousehold(row: HuishoudenRij, signals: ReadonlyMap<string, Vroegsignaal>): Huishouden[] {
  const {
    id,
    gemeentecode,
    adresIndex: _,
    vroegsignaalIds,
    eersteSignaalOp,
    laatsteSignaalOp,
    adresindicatieBron: bron,
    adresindicatieDatum: datum,
    ...counted
  } = row
  // One that was sent on since is another municipality's, whether or not the caller serves that as well.
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
      ...counted,
      eersteSignaalOp: eersteSignaalOp.toISOString(),
      laatsteSignaalOp: laatsteSignaalOp.toISOString(),
      ...(bron !== null && datum !== null && { adresindicatie: { bron, datum } }),
      vroegsignalen
    }
  ]
}

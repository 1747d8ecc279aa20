import { logHuishoudens } from '../sporen/log-processing.ts'
import { discardOpened } from '../sporen/open-sealed.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { type GetoondSignaal, showVroegsignalen } from '../vroegsignalen/show-vroegsignalen.ts'
import type { Huishouden } from './huishouden-schema.ts'
import type { HuishoudenRij } from './huishouden-store.ts'
import { OutdatedHuishouden } from './matched.ts'

/** A household as the API shows it: JSON. */
export type GetoondHuishouden = { readonly id: string; readonly tekst: string }

/**
 * Shows households with their signals, in the order of `rows`, and logs each one in the same transaction: without a log
 * line nothing is shown. Those that are not wanted are neither shown nor logged. Throws OutdatedHuishouden when one lost
 * a signal after it was counted.
 */
export async function readHuishoudens(
  handeling: Handeling,
  rows: readonly HuishoudenRij[],
  isWanted: (vroegsignalen: readonly GetoondSignaal[]) => boolean = () => true
): Promise<GetoondHuishouden[]> {
  const signals = await signalsById(handeling, rows)
  const found = rows.map((row) => ({ row, vroegsignalen: signalsOf(row, signals) }))
  // What cannot be opened was counted all the same, and matching anew would not change that.
  const { unreadable } = handeling
  const outdated = found.filter(
    ({ row, vroegsignalen }) =>
      row.aantalSignalen !==
      vroegsignalen.length + row.vroegsignaalIds.filter((id) => unreadable.has(id)).length
  )
  // A household that lost all its signals is gone, and left out.
  const lessened = outdated.filter(({ vroegsignalen }) => vroegsignalen.length > 0)
  if (lessened.length > 0) throw new OutdatedHuishouden(lessened.map(({ row }) => row.gemeentecode))
  const live = found.filter(({ vroegsignalen }) => vroegsignalen.length > 0)
  const shown = live.filter(({ vroegsignalen }) => isWanted(vroegsignalen))
  const ids = new Set(shown.map(({ row }) => row.id))
  await logHuishoudens(
    handeling,
    'huishouden-inzien',
    shown.map(({ row }) => row)
  )
  discardOpened(
    handeling,
    rows.flatMap(({ id, vroegsignaalIds }) => (ids.has(id) ? [] : vroegsignaalIds))
  )
  return shown.map(({ row, vroegsignalen }) => writeHuishouden(row, vroegsignalen))
}

/** What is shown of a household besides its address and its signals, as an object. */
export function parseGetoond({
  getoond
}: Pick<HuishoudenRij, 'getoond'>): Omit<Huishouden, 'adres' | 'vroegsignalen'> {
  return JSON.parse(`${getoond}}`)
}

/** A shown household as an object. */
export function parseHuishouden({ tekst }: GetoondHuishouden): Huishouden {
  return JSON.parse(tekst)
}

async function signalsById(
  handeling: Handeling,
  rows: readonly HuishoudenRij[]
): Promise<Map<string, GetoondSignaal>> {
  const shown = await showVroegsignalen(
    handeling,
    rows.flatMap(({ vroegsignalen }) => vroegsignalen)
  )
  return new Map(shown.map((signal) => [signal.id, signal]))
}

// In the order in which they were counted.
function signalsOf(
  { vroegsignaalIds }: HuishoudenRij,
  signals: ReadonlyMap<string, GetoondSignaal>
): GetoondSignaal[] {
  return vroegsignaalIds.flatMap((id) => signals.get(id) ?? [])
}

function writeHuishouden(
  { id, getoond }: HuishoudenRij,
  vroegsignalen: readonly GetoondSignaal[]
): GetoondHuishouden {
  // The newest signal says how the address is written.
  const [newest] = vroegsignalen
  const signals = vroegsignalen.map(({ tekst }) => tekst).join()
  return { id, tekst: `${getoond},"adres":${newest!.adres},"vroegsignalen":[${signals}]}` }
}

import { logVroegsignalen } from '../sporen/log-processing.ts'
import { discardOpened } from '../sporen/open-sealed.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { type GetoondSignaal, parseVroegsignaal, showVroegsignalen } from './show-vroegsignalen.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

/**
 * Shows signals to their sender or their municipality, in the order of `rows`, and logs who saw whose data. Signals
 * that are not wanted are neither shown nor logged.
 */
export async function readVroegsignalen(
  handeling: Handeling,
  rows: readonly SignaalRij[],
  isWanted?: (signaal: Vroegsignaal) => boolean
): Promise<GetoondSignaal[]> {
  const shown = await showVroegsignalen(handeling, rows)
  const wanted =
    isWanted === undefined ? shown : shown.filter((signaal) => isWanted(parseVroegsignaal(signaal)))
  const ids = new Set(wanted.map(({ id }) => id))
  discardOpened(
    handeling,
    shown.flatMap(({ id }) => (ids.has(id) ? [] : id))
  )
  await logVroegsignalen(
    handeling,
    'vroegsignaal-inzien',
    rows.filter(({ id }) => ids.has(id))
  )
  return wanted
}

import { holdHuishoudens } from '../../platform/database/locks.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Signaaldelen } from '../huishouden-columns.ts'
import { listHuishoudensById } from '../huishouden-store.ts'
import { OutdatedHuishouden } from '../matched.ts'
import { readHuishoudens } from '../read-huishoudens.ts'
import { listWijzigingen, readPublished } from './delta-store.ts'
import { readStand, type Stand, writeStand } from './stand.ts'

/** What a follower asks. */
export type Deltavraag = {
  /** Its stand; left out it begins anew. */
  readonly after: string | undefined
  readonly limit: number
  readonly delen: Signaaldelen
  /** Whether it must throw where something must be matched first. */
  readonly isChecking: boolean
}

/** The changes of households, as JSON, and the stand after the last one. */
export type Deltas = { readonly deltas: readonly string[]; readonly stateId: string }

/**
 * The changes in the caller's households since the stand `after`, or all households when it is left out. A follower
 * that applies the answers in order ends with exactly the list; no change is skipped, however late it was committed.
 * Throws positie-onbekend for a stand that is not ours or too old, and OutdatedHuishouden.
 */
export async function readDeltas(
  handeling: Handeling,
  { after, limit, delen, isChecking }: Deltavraag
): Promise<Deltas> {
  const { tx, keys } = handeling
  const { gemeentecodes } = handeling.caller
  await holdHuishoudens(tx, gemeentecodes)
  const { isMarked, huishouden, vervallen, ...published } = await readPublished(tx, gemeentecodes)
  const { vergeten } = published
  if (isChecking && isMarked) throw new OutdatedHuishouden(gemeentecodes)
  const from: Stand =
    after === undefined
      ? { positie: 0, begin: Math.max(huishouden, vervallen, vergeten) }
      : readStand(keys, gemeentecodes, after)
  requireKnown(from, published)

  const changes = await listWijzigingen(tx, gemeentecodes, from, limit)
  const changed = changes.filter(({ isVervallen }) => !isVervallen).map(({ id }) => id)
  const rows = await listHuishoudensById(tx, changed, delen)
  const households = new Map((await readHuishoudens(handeling, rows)).map((shown) => [shown.id, shown.tekst]))
  let stateId = writeStand(keys, gemeentecodes, from)
  const deltas = changes.map(({ id, volgnummer, isVervallen }): string => {
    const prevStateId = stateId
    stateId = writeStand(keys, gemeentecodes, { ...from, positie: volgnummer })
    const position = { stateId, prevStateId, huishoudenId: id }
    if (isVervallen) return JSON.stringify({ ...position, soort: 'vervallen' })
    const huishouden = households.get(id)
    if (huishouden === undefined) throw new OutdatedHuishouden(gemeentecodes)
    return `${JSON.stringify({ ...position, soort: 'gewijzigd' }).slice(0, -1)},"huishouden":${huishouden}}`
  })
  return { deltas, stateId }
}

// Past the last number: the database was restored. Before what was forgotten: the follower may have missed something.
function requireKnown(
  { positie, begin }: Stand,
  { laatste, vergeten }: { laatste: number; vergeten: number }
) {
  const known = Math.max(positie, begin)
  if (known > laatste || known < vergeten) throw new Problem('positie-onbekend')
}

import { holdHuishoudens } from '../../platform/database/locks.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Huishouden } from '../huishouden-schema.ts'
import { listHuishoudensById } from '../huishouden-store.ts'
import { OutdatedHuishouden, readHuishoudens } from '../read-huishoudens.ts'
import { listWijzigingen, readPublished } from './delta-store.ts'
import { readStand, type Stand, writeStand } from './stand.ts'

/** One change of a household, between two stands. */
export type Delta = {
  stateId: string
  prevStateId: string
  soort: 'gewijzigd' | 'vervallen'
  huishoudenId: string
  huishouden?: Huishouden
}

/**
 * The changes in the caller's households since the stand `after`, or all households when it is left out. A follower
 * that applies the answers in order ends with exactly the list; no change is skipped, however late it was committed.
 * Throws positie-onbekend for a stand that is not ours or too old, and OutdatedHuishouden.
 */
export async function readDeltas(
  handeling: Handeling,
  after: string | undefined,
  limit: number
): Promise<{ deltas: Delta[]; stateId: string }> {
  const { tx, keys } = handeling
  const { gemeentecodes } = handeling.caller
  await holdHuishoudens(tx, gemeentecodes)
  const published = await readPublished(tx, gemeentecodes)
  const from: Stand =
    after === undefined ? { positie: 0, begin: published.laatste } : readStand(keys, gemeentecodes, after)
  requireKnown(from, published)

  const changes = await listWijzigingen(tx, gemeentecodes, from, limit)
  const changed = changes.filter(({ isVervallen }) => !isVervallen).map(({ id }) => id)
  const rows = await listHuishoudensById(tx, gemeentecodes, changed)
  const households = new Map(
    (await readHuishoudens(handeling, rows)).map((household) => [household.id, household])
  )
  let stateId = writeStand(keys, gemeentecodes, from)
  const deltas = changes.map(({ id, volgnummer, isVervallen }): Delta => {
    const prevStateId = stateId
    stateId = writeStand(keys, gemeentecodes, { ...from, positie: volgnummer })
    const position = { stateId, prevStateId, huishoudenId: id }
    if (isVervallen) return { ...position, soort: 'vervallen' }
    const huishouden = households.get(id)
    if (huishouden === undefined) throw new OutdatedHuishouden()
    return { ...position, soort: 'gewijzigd', huishouden }
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

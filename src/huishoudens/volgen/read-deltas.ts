import { holdHuishoudens } from '../../platform/database/locks.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Signaaldelen } from '../huishouden-columns.ts'
import { listHuishoudensById } from '../huishouden-store.ts'
import { OutdatedHuishouden } from '../matched.ts'
import { readHuishoudens } from '../read-huishoudens.ts'
import { listWijzigingen, readPublished, type Wijziging } from './delta-store.ts'
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
 * that applies the answers in order ends with exactly the list; no change is skipped, however late it was committed. A
 * household of which nothing can be opened is left out, as it is of the list.
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

  const { shown, positie } = await readShown(handeling, from, limit, delen)
  let stateId = writeStand(keys, gemeentecodes, from)
  const deltas = shown.map(({ id, volgnummer, huishouden }): string => {
    const prevStateId = stateId
    stateId = writeStand(keys, gemeentecodes, { ...from, positie: volgnummer })
    const position = { stateId, prevStateId, huishoudenId: id }
    if (huishouden === undefined) return JSON.stringify({ ...position, soort: 'vervallen' })
    return `${JSON.stringify({ ...position, soort: 'gewijzigd' }).slice(0, -1)},"huishouden":${huishouden}}`
  })
  return { deltas, stateId: writeStand(keys, gemeentecodes, { ...from, positie }) }
}

// Were a key of many lost, an answer would take as long as reading everything.
const mostRounds = 20

/** A change that is shown; without a household when that is gone. */
type Getoond = {
  readonly id: string
  /** Its number, or that of the last change after it that is left out. */
  readonly volgnummer: number
  readonly huishouden?: string
}

// The first changes, and the number up to which the follower has seen them. It may take an empty answer for the end, so more
// are read while none can be shown.
async function readShown(
  handeling: Handeling,
  from: Stand,
  limit: number,
  delen: Signaaldelen
): Promise<{ shown: readonly Getoond[]; positie: number }> {
  const { tx, caller } = handeling
  let { positie } = from
  for (let round = 1; ; round += 1) {
    const changes = await listWijzigingen(tx, caller.gemeentecodes, { ...from, positie }, limit)
    const shown = await showChanges(handeling, changes, delen)
    if (shown.length === 0 && round === 1 && changes.length < limit) return { shown, positie }
    positie = changes.at(-1)?.volgnummer ?? positie
    if (shown.length > 0 || changes.length < limit || round === mostRounds) return { shown, positie }
  }
}

async function showChanges(
  handeling: Handeling,
  changes: readonly Wijziging[],
  delen: Signaaldelen
): Promise<Getoond[]> {
  const { tx, caller, unreadable } = handeling
  const changed = changes.filter(({ isVervallen }) => !isVervallen).map(({ id }) => id)
  const rows = new Map((await listHuishoudensById(tx, changed, delen)).map((row) => [row.id, row]))
  const households = new Map(
    (await readHuishoudens(handeling, [...rows.values()])).map((shown) => [shown.id, shown.tekst])
  )
  // Nothing of it can be opened, now or later: it is in no list either, and its end comes with that of its signals.
  const isUnreadable = (id: string) =>
    rows.get(id)?.vroegsignaalIds.every((signaal) => unreadable.has(signaal)) ?? false
  const shown: Getoond[] = []
  for (const { id, volgnummer, isVervallen } of changes) {
    const huishouden = households.get(id)
    if (isVervallen) shown.push({ id, volgnummer })
    else if (huishouden !== undefined) shown.push({ id, volgnummer, huishouden })
    else if (!isUnreadable(id)) throw new OutdatedHuishouden(caller.gemeentecodes)
    else if (shown.length > 0) shown.push({ ...shown.pop()!, volgnummer })
  }
  return shown
}

// Past the last number: the database was restored. Before what was forgotten: the follower may have missed something.
function requireKnown(
  { positie, begin }: Stand,
  { laatste, vergeten }: { laatste: number; vergeten: number }
) {
  const known = Math.max(positie, begin)
  if (known > laatste || known < vergeten) throw new Problem('positie-onbekend')
}

import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { Place } from '../../platform/crypto/seal-row.ts'
import { tryUnsealFor } from '../../platform/crypto/seal-row.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { findReferenties } from './find-referenties.ts'
import { shownLine, signaalOf } from './kept-line.ts'
import { type AanleveringRij, type DeelRij, findAanlevering, listAanleveringDelen } from './levering-store.ts'
import type { Regelverslag } from './report-line.ts'

/** The counts of one of the caller's deliveries; throws niet-gevonden. */
export async function requireAanlevering(tx: Tx, id: string): Promise<AanleveringRij> {
  const found = await findAanlevering(tx, id)
  if (found === undefined) throw notFound()
  return found
}

type Asked = {
  readonly id: string
  readonly uitkomst: Regeluitkomst | undefined
  /** The first line wanted. */
  readonly from: number
}

/**
 * At most `wanted` lines of the report of a delivery, in order; throws niet-gevonden. Leaves out the lines of a part that
 * cannot be opened, and what a line said of a signal that is destroyed.
 */
export async function readVerslag(
  handeling: Handeling,
  { id, uitkomst, from }: Asked,
  wanted: number
): Promise<Regelverslag[]> {
  await requireAanlevering(handeling.tx, id)
  const isWanted = (line: Regelverslag) =>
    line.regel >= from && (uitkomst === undefined || line.uitkomst === uitkomst)
  const found: Regelverslag[] = []
  for (let next = from; found.length < wanted; ) {
    const [part] = await listAanleveringDelen(handeling.tx, id, next, uitkomst, 1)
    if (part === undefined) break
    const lines = await openPart(handeling, part)
    found.push(...lines.filter(isWanted))
    next = part.totEnMetRegel + 1
  }
  const lines = found.slice(0, wanted)
  const referenties = await findReferenties(
    handeling,
    lines.flatMap((line) => signaalOf(line) ?? [])
  )
  return lines.map((line) => shownLine(line, referenties))
}

// Not logged: the only thing that it holds about a resident is the partner's own reference of a line that was rejected.
async function openPart({ keys, unreadable }: Handeling, part: DeelRij): Promise<Regelverslag[]> {
  const { vernietigingsdatum } = part
  const key = (await keys.findDataKeys([vernietigingsdatum])).get(vernietigingsdatum)
  const text = tryUnsealFor(key, placeOfPart(part), part.inhoud)
  if (text !== undefined) return JSON.parse(text)
  unreadable.add(part.aanleveringId)
  return []
}

/** The row that the sealed lines of a part are bound to. */
export function placeOfPart({
  signaalpartnerId,
  aanleveringId,
  vanRegel
}: Pick<DeelRij, 'signaalpartnerId' | 'aanleveringId' | 'vanRegel'>): Place {
  return { table: 'aanlevering_deel', tenant: signaalpartnerId, id: `${aanleveringId}/${vanRegel}` }
}

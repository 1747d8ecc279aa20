import { discardOpened, openSealed } from '../../sporen/open-sealed.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { sealedReceiptOf } from '../../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { listGemeldeSignalen } from '../../vroegsignalen/meldbewijzen/gemeld-signaal-store.ts'
import { openInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import { listContents } from '../../vroegsignalen/vroegsignaal-store.ts'

/**
 * The calling partner's own references of its signals among these, by id, as long as it may still ask for a signal or its
 * receipt; a signal that is destroyed has none. Not logged: nothing else of a signal is shown.
 */
export async function findReferenties(
  handeling: Handeling,
  ids: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await listContents(handeling.tx, ids)
  const contents = await openInhoud(handeling, rows)
  const over = await listGemeldeSignalen(handeling.tx, ids)
  const receipts = await openSealed(handeling, over.map(sealedReceiptOf))
  discardOpened(handeling, ids)
  return new Map([
    ...rows.flatMap(({ id }, index) => referentieOf(id, contents[index]?.overig)),
    ...over.flatMap(({ id }, index) => referentieOf(id, receipts[index]))
  ])
}

function referentieOf(id: string, text: string | undefined): [id: string, referentie: string][] {
  return text === undefined ? [] : [[id, JSON.parse(text).referentie]]
}

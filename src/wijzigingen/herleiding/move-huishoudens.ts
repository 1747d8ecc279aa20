import { removeHuishoudens } from '../../huishoudens/match-store.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { Herleid } from './compare-anew.ts'
import {
  joinAdresindicaties,
  joinZaken,
  listHuishoudensTeVerhuizen,
  lockZakenOnAdressen,
  saveVerhuizingen,
  saveZaakadressen
} from './herleiding-store.ts'
import { planVerhuizingen, type Verhuisplan } from './plan-verhuizingen.ts'

/** Moves households, with their cases and marks, to where the addresses of their signals go. */
export async function moveHuishoudens(
  tx: Tx,
  gemeentecode: string,
  herleid: readonly Herleid[]
): Promise<void> {
  if (herleid.every(({ van, naar }) => van === naar)) return
  const adressen = [...new Set(herleid.flatMap(({ van, naar }) => [van, naar]))].map(bytes)
  await lockZakenOnAdressen(tx, gemeentecode, adressen)
  const huishoudens = await listHuishoudensTeVerhuizen(tx, gemeentecode, adressen)
  const deciding = herleid.filter(({ isIngetrokken }) => !isIngetrokken)
  await carryOut(tx, gemeentecode, planVerhuizingen(huishoudens, deciding))
  const ids = huishoudens.map(({ id }) => id)
  await saveZaakadressen(tx, gemeentecode, ids)
}

async function carryOut(tx: Tx, gemeentecode: string, { moves, joined }: Verhuisplan): Promise<void> {
  if (joined.length > 0) {
    const gone = joined.map(({ id }) => id)
    await joinAdresindicaties(tx, [gemeentecode], joined)
    await joinZaken(tx, gemeentecode, joined)
    await removeHuishoudens(tx, gemeentecode, gone)
  }
  if (moves.length > 0) {
    const saved = moves.map(({ id, naar }) => ({ id, naar: bytes(naar) }))
    await saveVerhuizingen(tx, gemeentecode, saved)
  }
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

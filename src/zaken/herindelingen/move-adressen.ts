import { randomUUIDv7 } from 'node:crypto'
import { removeHuishoudens } from '../../huishoudens/match-store.ts'
import { lockHerleiding, lockHuishoudens } from '../../platform/database/locks.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { addVerwerkingsbladen } from '../../sporen/verwerking-store.ts'
import {
  joinAdresindicaties,
  joinZaken,
  listHuishoudensTeVerhuizen,
  type Samenvoeging
} from '../../wijzigingen/herleiding/herleiding-store.ts'
import { resealToelichtingen } from '../betwistingen/toelichtingen.ts'
import { contextOfOvergang, type Herindeler } from './herindeler.ts'
import type { Overgang } from './overgang-store.ts'
import { resealSignalen } from './reseal-signalen.ts'
import {
  listAdressenVan,
  lockBetwistingenVan,
  lockSignalenVan,
  lockZakenVan,
  moveAfgeleid,
  moveAntwoorden,
  moveBetwistingen,
  moveHuishoudens,
  moveSignalen,
  moveZaken,
  type TeVerhuizenSignaal,
  withConnected
} from './verhuizing-store.ts'

const adressenAtOnce = 100

/**
 * Moves some addresses of a municipality to its successor, with all that lives on them: signals, households, cases, contests,
 * restrictions, feedback, events and what the monitor keeps. What belongs together moves in one transaction. Returns false
 * when no signal was left. What has been done stays done, so it may be stopped at any moment.
 */
export async function moveAdressen(herindeler: Herindeler, overgang: Overgang): Promise<boolean> {
  const { van, naar } = overgang
  const moved = await herindeler.database.as(contextOfOvergang(overgang), async (tx) => {
    for (const code of [van, naar].toSorted()) await lockHerleiding(tx, code)
    await lockHuishoudens(tx, van, naar)
    const adressen = await gatherAdressen(tx, overgang)
    return adressen.length === 0 ? undefined : move(tx, herindeler, overgang, adressen)
  })
  if (moved === undefined) return false
  if (moved.length > 0) await herindeler.destroyNow(naar, moved)
  return true
}

// All that a case or a restriction holds together, so that none of it is in one municipality and the rest in another.
async function gatherAdressen(tx: Tx, overgang: Overgang): Promise<Buffer[]> {
  let adressen = await listAdressenVan(tx, overgang, adressenAtOnce)
  for (let before = -1; adressen.length > before && adressen.length > 0; ) {
    before = adressen.length
    adressen = await withConnected(tx, overgang, adressen)
  }
  return adressen
}

// Returns the signals that must go at once.
async function move(
  tx: Tx,
  herindeler: Herindeler,
  overgang: Overgang,
  adressen: readonly Buffer[]
): Promise<string[]> {
  const { van, naar } = overgang
  const zaken = await lockZakenVan(tx, overgang, adressen)
  const rows = await lockSignalenVan(tx, overgang, adressen)
  const ids = rows.map(({ id }) => id)
  const betwistingen = await lockBetwistingenVan(tx, overgang, ids)
  const verhuisd = await resealSignalen(tx, herindeler, overgang, rows)
  const toelichtingen = await resealToelichtingen(herindeler.keys(), betwistingen, naar)
  const plan = await planHuishoudens(tx, overgang, adressen)
  await moveSignalen(tx, overgang, verhuisd)
  await moveZaken(tx, overgang, zaken)
  await moveBetwistingen(
    tx,
    overgang,
    betwistingen.map(({ id }, index) => ({ id, inhoud: toelichtingen[index]! }))
  )
  await carryOut(tx, overgang, plan)
  await moveAfgeleid(tx, overgang, { signalen: ids, huishoudens: plan.moved })
  await moveAntwoorden(tx, overgang, { resultaten: resultsOf(ids, zaken, betwistingen), zaken })
  await markAdressen(
    tx,
    adressen.map((adresIndex) => ({ gemeentecode: naar, adresIndex }))
  )
  logMoved(tx, herindeler, [van, naar], rows)
  return verhuisd.filter(({ isBezwaar }) => isBezwaar).map(({ id }) => id)
}

function resultsOf(
  signalen: readonly string[],
  zaken: readonly string[],
  betwistingen: readonly { readonly id: string }[]
): string[] {
  return [
    ...signalen,
    ...signalen.map((id) => `doorzending|${id}`),
    ...zaken,
    ...betwistingen.map(({ id }) => id)
  ]
}

/** Households that move, and those that are joined with one on the same address, with where they are. */
type Huishoudenplan = {
  readonly moved: readonly string[]
  readonly joined: readonly (Samenvoeging & { readonly gemeentecode: string })[]
}

// A signal that was forwarded earlier may have a household there on the same address. The one that lives stays; of two
// that live, the successor's.
async function planHuishoudens(
  tx: Tx,
  { van, naar }: Overgang,
  adressen: readonly Buffer[]
): Promise<Huishoudenplan> {
  const ours = await listHuishoudensTeVerhuizen(tx, van, adressen)
  const theirs = await listHuishoudensTeVerhuizen(tx, naar, adressen)
  const onAdres = new Map(theirs.map((one) => [one.adres, one]))
  return {
    moved: ours.filter(({ adres }) => onAdres.get(adres)?.isVerlopen ?? true).map(({ id }) => id),
    joined: ours.flatMap(({ id, adres }) => {
      const other = onAdres.get(adres)
      if (other === undefined) return []
      return other.isVerlopen
        ? { gemeentecode: naar, id: other.id, blijft: id }
        : { gemeentecode: van, id, blijft: other.id }
    })
  }
}

async function carryOut(tx: Tx, overgang: Overgang, { moved, joined }: Huishoudenplan): Promise<void> {
  const { van, naar } = overgang
  if (joined.length > 0) {
    await joinAdresindicaties(tx, [van, naar], joined)
    await joinZaken(tx, naar, joined)
    for (const [gemeentecode, gone] of Map.groupBy(joined, (one) => one.gemeentecode))
      await removeHuishoudens(
        tx,
        gemeentecode,
        gone.map(({ id }) => id)
      )
  }
  await moveHuishoudens(tx, overgang, moved)
}

function logMoved(
  tx: Tx,
  { keys, clock }: Herindeler,
  gemeentecodes: readonly string[],
  rows: readonly TeVerhuizenSignaal[]
): void {
  if (rows.length === 0) return
  const traceId = randomUUIDv7().replaceAll('-', '')
  addVerwerkingsbladen(
    tx,
    gemeentecodes.map((gemeentecode) => ({
      gemeentecode,
      id: randomUUIDv7(),
      traceId,
      activiteit: 'gemeente-herindelen',
      clientId: null,
      signaalpartnerId: null,
      gebruiker: null,
      betrokkenePseudoniemen: rows.map(({ persoonIndex }) => pseudonymOf(keys(), persoonIndex)),
      objectIds: rows.map(({ id }) => id),
      op: clock()
    }))
  )
}

import { randomUUIDv7 } from 'node:crypto'
import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { openResolver } from '../../adressen/open-resolver.ts'
import { removeHuishoudens } from '../../huishoudens/match-store.ts'
import { listGemeentecodes } from '../../organisaties/gemeenten/gemeente-store.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { lockHuishoudens } from '../../platform/database/locks.ts'
import type { Context, Database, Tx } from '../../platform/database/open-database.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { addVerwerkingen } from '../../sporen/verwerking-store.ts'
import { type Inhoud, openInhoud, sealInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import {
  joinAdresindicaties,
  joinZaken,
  listDueAdressen,
  listDueGemeenten,
  listHuishoudensTeVerhuizen,
  lockSignalsOnAdressen,
  lockZakenOnAdressen,
  saveAdressen,
  saveVerhuizingen,
  saveZaakadressen,
  type TeHerleiden
} from './herleiding-store.ts'
import { planVerhuizingen } from './plan-verhuizingen.ts'

const adressenAtOnce = 200

/** What a new comparison of addresses works with. */
export type Herleider = {
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: () => Date
}

/** The municipalities with signals whose address was compared under an older register, or older rules. */
export async function listTeHerleiden({ database }: Herleider): Promise<string[]> {
  const gemeentecodes = await database.ask({ duty: 'herleider' }, listGemeentecodes)
  return database.ask({ duty: 'herleider', gemeentecodes }, (tx) => listDueGemeenten(tx, gemeentecodes))
}

/**
 * Compares some addresses of a municipality anew, with all that lives on them: signals, households, their cases and
 * marks. Returns false when none was left. What has been done stays done, so it may be stopped at any moment.
 */
export async function herleidAdressen(herleider: Herleider, gemeentecode: string): Promise<boolean> {
  return herleider.database.as(asHerleider(gemeentecode), async (tx) => {
    await lockHuishoudens(tx, gemeentecode)
    const adressen = await listDueAdressen(tx, gemeentecode, adressenAtOnce)
    if (adressen.length === 0) return false
    await lockZakenOnAdressen(tx, gemeentecode, adressen)
    const rows = await lockSignalsOnAdressen(tx, gemeentecode, adressen)
    const { versie, herleid } = await compareAnew(tx, herleider.keys(), rows)
    await saveAdressen(tx, gemeentecode, versie, herleid)
    const changed = herleid.filter(({ isChanged }) => isChanged)
    await moveHuishoudensOf(tx, gemeentecode, herleid)
    await markAdressen(
      tx,
      changed.flatMap(({ row, adresIndex }) => [row, { gemeentecode, adresIndex }])
    )
    await logChanged(tx, herleider, changed)
    return true
  })
}

// Waits briefly for a signal that somebody acts upon: the municipality's households are locked meanwhile.
function asHerleider(gemeentecode: string): Context {
  return { duty: 'herleider', gemeentecodes: [gemeentecode], statementTimeout: 60_000, lockTimeout: 250 }
}

type Herleid = {
  readonly row: TeHerleiden
  readonly id: string
  readonly adresIndex: Buffer
  readonly adresBekend: boolean | null
  readonly inhoud: Buffer | null
  readonly isChanged: boolean
}

// A signal whose data key was destroyed has no address any more, and keeps the hash that it has.
async function compareAnew(
  tx: Tx,
  keys: KeyRing,
  rows: readonly TeHerleiden[]
): Promise<{ versie: number; herleid: Herleid[] }> {
  const contents = await openInhoud({ keys, opened: new Set() }, rows)
  const register = await findRegisteradressen(
    tx,
    contents.flatMap((inhoud) => inhoud?.signaal.adres ?? [])
  )
  const resolve = openResolver(register)
  const dataKeys = await keys.findDataKeys(rows.map(({ sleuteldag }) => sleuteldag))
  const herleid = rows.map((row, index): Herleid => {
    const { id, adresIndex, adresBekend, sleuteldag } = row
    const before = contents[index]
    if (before === undefined) return { row, id, adresIndex, adresBekend, inhoud: null, isChanged: false }
    const { sleutel, bekend = null, nummeraanduiding } = resolve(before.signaal.adres)
    const after = {
      adresIndex: keys.hash('index-adres', sleutel),
      adresBekend: bekend,
      inhoud:
        before.nummeraanduiding === nummeraanduiding
          ? null
          : sealInhoud(dataKeys.get(sleuteldag)!, row, withNummeraanduiding(before, nummeraanduiding))
    }
    const isChanged =
      after.inhoud !== null || after.adresBekend !== adresBekend || !after.adresIndex.equals(adresIndex)
    return { row, id, ...after, isChanged }
  })
  return { versie: register.versie, herleid }
}

function withNummeraanduiding(
  { signaal, beoordeling }: Inhoud,
  nummeraanduiding: string | undefined
): Inhoud {
  return { signaal, beoordeling, ...(nummeraanduiding !== undefined && { nummeraanduiding }) }
}

async function moveHuishoudensOf(tx: Tx, gemeentecode: string, herleid: readonly Herleid[]): Promise<void> {
  const signals = herleid.map(({ id, row, adresIndex }) => ({
    id,
    van: row.adresIndex.toString('hex'),
    naar: adresIndex.toString('hex')
  }))
  if (signals.every(({ van, naar }) => van === naar)) return
  const adressen = [...new Set(signals.flatMap(({ van, naar }) => [van, naar]))].map(bytes)
  const huishoudens = await listHuishoudensTeVerhuizen(tx, gemeentecode, adressen)
  const { moves, joined } = planVerhuizingen(huishoudens, signals)
  if (joined.length > 0) {
    await joinAdresindicaties(tx, gemeentecode, joined)
    await joinZaken(tx, gemeentecode, joined)
    await removeHuishoudens(
      tx,
      gemeentecode,
      joined.map(({ id }) => id)
    )
  }
  if (moves.length > 0) {
    await saveVerhuizingen(
      tx,
      gemeentecode,
      moves.map(({ id, naar }) => ({ id, naar: bytes(naar) }))
    )
  }
  await saveZaakadressen(
    tx,
    gemeentecode,
    huishoudens.map(({ id }) => id)
  )
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

async function logChanged(tx: Tx, { keys, clock }: Herleider, changed: readonly Herleid[]): Promise<void> {
  const traceId = randomUUIDv7().replaceAll('-', '')
  await addVerwerkingen(
    tx,
    changed.map(({ row }) => ({
      gemeentecode: row.gemeentecode,
      id: randomUUIDv7(),
      traceId,
      activiteit: 'adres-herleiden',
      clientId: null,
      signaalpartnerId: null,
      betrokkenePseudoniem: pseudonymOf(keys(), row.persoonIndex),
      objectId: row.id,
      op: clock(),
      gebruiker: null
    }))
  )
}

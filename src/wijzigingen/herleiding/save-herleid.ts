import { randomUUIDv7 } from 'node:crypto'
import type { DataKeys } from '../../platform/crypto/data-keys.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { addVerwerkingsbladen } from '../../sporen/verwerking-store.ts'
import {
  type Inhoud,
  openBeoordelingen,
  sealBeoordeling,
  sealInhoud,
  signaalIn,
  writeAdres
} from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import type { Herleid, Vergelijking } from './compare-anew.ts'
import type { Herleider } from './herleider.ts'
import { lockSignals, piecesById, saveAdressen, type TeHerleiden } from './herleiding-store.ts'
import { openReadable } from './open-readable.ts'

/** Saves the addresses of signals as they were compared, and logs those that changed. A signal that is gone is left. */
export async function saveHerleid(
  tx: Tx,
  herleider: Herleider,
  gemeentecode: string,
  { versie, herleid }: Vergelijking
): Promise<void> {
  const traceId = randomUUIDv7().replaceAll('-', '')
  const uitkomsten = new Map(herleid.map((one) => [one.id, one]))
  for (const ids of piecesById([...uitkomsten.keys()])) {
    const rows = await lockSignals(tx, gemeentecode, ids)
    const uitkomstOf = ({ id }: TeHerleiden) => uitkomsten.get(id)!
    const resealed = await reseal(herleider, rows, uitkomstOf)
    await saveAdressen(
      tx,
      gemeentecode,
      versie,
      rows.map((row) => savedAs(uitkomstOf(row), resealed))
    )
    const changed = rows.filter((row) => uitkomstOf(row).isChanged)
    await logChanged(tx, herleider, traceId, changed)
  }
}

function savedAs({ id, naar, bekend }: Herleid, resealed: ReadonlyMap<string, Resealed>) {
  return {
    id,
    adresIndex: Buffer.from(naar, 'hex'),
    adresBekend: bekend,
    inhoud: resealed.get(id)?.inhoud ?? null,
    beoordeling: resealed.get(id)?.beoordeling ?? null
  }
}

type Resealed = { readonly inhoud: Buffer; readonly beoordeling: Buffer | null }
type Uitkomsten = Awaited<ReturnType<typeof openBeoordelingen>>[number]

/** The new content of the signals that are shown with another address; a correction may have come since. */
async function reseal(
  herleider: Herleider,
  rows: readonly TeHerleiden[],
  uitkomstOf: (row: TeHerleiden) => Herleid
): Promise<Map<string, Resealed>> {
  const due = rows.filter((row) => uitkomstOf(row).nummeraanduiding !== undefined)
  const contents = await openReadable(herleider, due)
  const dataKeys = await herleider.keys().findDataKeys(due.map(({ sleuteldag }) => sleuteldag))
  const older = await openOlder(herleider, due)
  return new Map(
    due.flatMap((row, index) => resealed(dataKeys, row, contents[index], older.get(row.id), uitkomstOf(row)))
  )
}

// The content of an older seal holds the outcomes of the criteria, which get a seal of their own now.
async function openOlder(
  herleider: Herleider,
  rows: readonly TeHerleiden[]
): Promise<Map<string, Uitkomsten>> {
  const older = rows.filter(({ beoordeling }) => beoordeling === null)
  const opening = { keys: herleider.keys(), opened: new Set<string>(), unreadable: new Set<string>() }
  const found = await openBeoordelingen(opening, older)
  return new Map(older.map(({ id }, index) => [id, found[index]]))
}

function resealed(
  dataKeys: DataKeys,
  row: TeHerleiden,
  inhoud: Inhoud | undefined,
  uitkomsten: Uitkomsten,
  { nummeraanduiding, bekend }: Herleid
): [id: string, resealed: Resealed][] {
  const key = dataKeys.get(row.sleuteldag)
  if (inhoud === undefined || key === undefined) return []
  const register = { nummeraanduiding: nummeraanduiding ?? undefined, bekend }
  const adres = writeAdres(signaalIn(inhoud).adres, register)
  const beoordeling = uitkomsten === undefined ? null : sealBeoordeling(key, row, uitkomsten)
  return [[row.id, { inhoud: sealInhoud(key, row, { ...inhoud, adres }), beoordeling }]]
}

async function logChanged(
  tx: Tx,
  { keys, clock }: Herleider,
  traceId: string,
  changed: readonly TeHerleiden[]
): Promise<void> {
  if (changed.length === 0) return
  addVerwerkingsbladen(tx, [
    {
      gemeentecode: changed[0]!.gemeentecode,
      id: randomUUIDv7(),
      traceId,
      activiteit: 'adres-herleiden',
      clientId: null,
      signaalpartnerId: null,
      gebruiker: null,
      betrokkenePseudoniemen: changed.map(({ persoonIndex }) => pseudonymOf(keys(), persoonIndex)),
      objectIds: changed.map(({ id }) => id),
      op: clock()
    }
  ])
}

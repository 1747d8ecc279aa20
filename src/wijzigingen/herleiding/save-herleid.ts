import { randomUUIDv7 } from 'node:crypto'
import type { DataKeys } from '../../platform/crypto/key-ring.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { addVerwerkingen } from '../../sporen/verwerking-store.ts'
import { type Inhoud, sealInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
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

function savedAs({ id, naar, bekend }: Herleid, resealed: ReadonlyMap<string, Buffer>) {
  return {
    id,
    adresIndex: Buffer.from(naar, 'hex'),
    adresBekend: bekend,
    inhoud: resealed.get(id) ?? null
  }
}

/** The new content of the signals that the register gives another id; a correction may have come since. */
async function reseal(
  herleider: Herleider,
  rows: readonly TeHerleiden[],
  uitkomstOf: (row: TeHerleiden) => Herleid
): Promise<Map<string, Buffer>> {
  const due = rows.filter((row) => uitkomstOf(row).nummeraanduiding !== undefined)
  const contents = await openReadable(herleider, due)
  const dataKeys = await herleider.keys().findDataKeys(due.map(({ sleuteldag }) => sleuteldag))
  return new Map(
    due.flatMap((row, index) => resealed(dataKeys, row, contents[index], uitkomstOf(row).nummeraanduiding))
  )
}

function resealed(
  dataKeys: DataKeys,
  row: TeHerleiden,
  inhoud: Inhoud | undefined,
  nummeraanduiding: string | null | undefined
): [id: string, inhoud: Buffer][] {
  const key = dataKeys.get(row.sleuteldag)
  if (inhoud === undefined || key === undefined) return []
  const { signaal, beoordeling } = inhoud
  const renamed = { signaal, beoordeling, ...(nummeraanduiding && { nummeraanduiding }) }
  return [[row.id, sealInhoud(key, row, renamed)]]
}

async function logChanged(
  tx: Tx,
  { keys, clock }: Herleider,
  traceId: string,
  changed: readonly TeHerleiden[]
): Promise<void> {
  await addVerwerkingen(
    tx,
    changed.map(({ gemeentecode, id, persoonIndex }) => ({
      gemeentecode,
      id: randomUUIDv7(),
      traceId,
      activiteit: 'adres-herleiden',
      clientId: null,
      signaalpartnerId: null,
      gebruiker: null,
      betrokkenePseudoniem: pseudonymOf(keys(), persoonIndex),
      objectId: id,
      op: clock()
    }))
  )
}

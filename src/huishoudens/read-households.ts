import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { logProcessing } from '../verantwoording/verwerking-store.ts'
import type { Inzage } from '../vroegsignalen/read-signals.ts'
import { showSignals } from '../vroegsignalen/show-signals.ts'
import type { Vroegsignaal } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listSignalsOnAddresses, type SignaalRij } from '../vroegsignalen/vroegsignaal-store.ts'
import type { Huishouden } from './huishouden-schema.ts'
import type { HuishoudenRij } from './huishouden-store.ts'

/**
 * Shows households with their signals, in the order of `rows`, and writes one line of the processing log for each
 * in the same transaction: when the log cannot be written, nothing is shown.
 */
export async function readHouseholds(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  rows: readonly HuishoudenRij[]
): Promise<Huishouden[]> {
  const signals = await signalsPerAddress(tx, keys, rows)
  const seen = rows.filter((row) => signals.has(keyOf(row)))
  await logProcessing(
    tx,
    seen.map(({ id, gemeentecode, adresIndex }) => ({
      gemeentecode,
      traceId,
      activiteit: 'huishouden-inzien',
      clientId: caller.id,
      betrokkenePseudoniem: keys.hash('pseudoniem', `adres|${adresIndex.toString('hex')}`),
      objectId: id,
      op: now
    }))
  )
  return seen.map((row) => showHousehold(row, signals.get(keyOf(row))!))
}

async function signalsPerAddress(tx: Tx, keys: KeyRing, rows: readonly HuishoudenRij[]) {
  const perAddress = new Map<string, Vroegsignaal[]>()
  for (const [gemeentecode, group] of Map.groupBy(rows, (row) => row.gemeentecode)) {
    const adressen = group.map(({ adresIndex }) => adresIndex)
    const found: SignaalRij[] = await listSignalsOnAddresses(tx, gemeentecode, adressen)
    for (const [key, ofAddress] of Map.groupBy(found, keyOf)) {
      const shown = await showSignals(keys, ofAddress)
      if (shown.length > 0) perAddress.set(key, shown)
    }
  }
  return perAddress
}

function keyOf({ gemeentecode, adresIndex }: { gemeentecode: string; adresIndex: Buffer }): string {
  return `${gemeentecode}|${adresIndex.toString('hex')}`
}

function showHousehold(row: HuishoudenRij, vroegsignalen: Vroegsignaal[]): Huishouden {
  const { id, gemeentecode, adresIndex: _, eersteSignaalOp, laatsteSignaalOp, ...counted } = row
  return {
    id,
    gemeentecode,
    adres: vroegsignalen[0]!.adres,
    ...counted,
    eersteSignaalOp: eersteSignaalOp.toISOString(),
    laatsteSignaalOp: laatsteSignaalOp.toISOString(),
    vroegsignalen
  }
}

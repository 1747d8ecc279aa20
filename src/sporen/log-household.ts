import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { Inzage } from '../toegang/caller.ts'
import { logProcessing } from './verwerking-store.ts'

/** Writes one line of the processing log for each of these, about the residents of its address. */
export async function logHouseholds(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  activiteit: string,
  rows: readonly { gemeentecode: string; id: string; adresIndex: Buffer }[]
): Promise<void> {
  await logProcessing(
    tx,
    rows.map(({ id, gemeentecode, adresIndex }) => ({
      gemeentecode,
      traceId,
      activiteit,
      clientId: caller.id,
      betrokkenePseudoniem: keys.hash('pseudoniem', `adres|${adresIndex.toString('hex')}`),
      objectId: id,
      op: now
    }))
  )
}

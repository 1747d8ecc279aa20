import { listGemeentenamen } from '../../organisaties/gemeenten/gemeente-store.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { seal, unseal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { logProcessing } from '../../sporen/verwerking-store.ts'
import type { Inzage } from '../../toegang/caller.ts'
import { aangeleverdIn } from '../show-signals.ts'
import { pseudonymOf } from '../signal-indexes.ts'
import type { Vroegsignaal } from '../vroegsignaal-schema.ts'
import type { BehandeldeRij } from '../vroegsignaal-store.ts'
import { addReported, findReported } from './gemeld-signaal-store.ts'
import { describeReport, type Melding } from './meldbewijs.ts'

/**
 * Keeps of signals that are over for their partners what those may still ask for: the receipt, and that they were
 * reported. The same for every result, so that neither a missing receipt nor a free reference tells them apart.
 */
export async function keepReported(
  tx: Tx,
  keys: KeyRing,
  signals: readonly { row: BehandeldeRij; signaal: Vroegsignaal }[]
): Promise<void> {
  const dataKeys = await keys.findDataKeys(signals.map(({ row }) => row.sleuteldag))
  const names = await listGemeentenamen(
    tx,
    signals.map(({ row }) => aangeleverdIn(row))
  )
  const receiptOf = (row: BehandeldeRij, signaal: Vroegsignaal) => {
    const gemeentecode = aangeleverdIn(row)
    const melding = describeReport({ ...signaal, gemeentecode }, names.get(gemeentecode)!)
    return Buffer.from(JSON.stringify(melding))
  }
  await addReported(
    tx,
    signals.map(({ row, signaal }) => ({
      gemeentecode: row.gemeentecode,
      id: row.id,
      signaalpartnerId: row.signaalpartnerId,
      referentieIndex: row.referentieIndex,
      klantIndex: row.klantIndex,
      soort: row.soort,
      sector: row.sector,
      signaaldatum: row.signaaldatum,
      ontvangenOp: row.ontvangenOp,
      bedragInCenten: row.bedragInCenten,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      vernietigingsdatum: row.sleuteldag,
      inhoud: seal(dataKeys.get(row.sleuteldag)!, receiptOf(row, signaal), contextOf(row.id))
    }))
  )
}

/** What a receipt says of a signal of the caller that is over for it; undefined when there is none. It is logged. */
export async function readReported(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  id: string
): Promise<Melding | undefined> {
  const row = await findReported(tx, id)
  if (row === undefined) return undefined
  const { gemeentecode, vernietigingsdatum, betrokkenePseudoniem, inhoud } = row
  const key = (await keys.findDataKeys([vernietigingsdatum])).get(vernietigingsdatum)
  if (key === undefined) return undefined
  await logProcessing(tx, [
    {
      gemeentecode,
      traceId,
      activiteit: 'vroegsignaal-inzien',
      clientId: caller.id,
      signaalpartnerId: caller.signaalpartnerId,
      betrokkenePseudoniem,
      objectId: id,
      op: now
    }
  ])
  return JSON.parse(unseal(key, inhoud, contextOf(id)).toString())
}

function contextOf(id: string): string {
  return `gemeld_signaal|${id}`
}

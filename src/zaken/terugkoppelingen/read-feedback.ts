import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { unseal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { logProcessing } from '../../sporen/verwerking-store.ts'
import type { Inzage } from '../../toegang/caller.ts'
import { feedbackContext } from './give-feedback.ts'
import type { Terugkoppeling } from './terugkoppeling-schema.ts'
import type { TerugkoppelingRij } from './terugkoppeling-store.ts'

/** Shows a partner what it may hear, and writes in the same transaction that it did. */
export async function readFeedback(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  rows: readonly TerugkoppelingRij[]
): Promise<Terugkoppeling[]> {
  const dataKeys = await keys.findDataKeys(rows.map(({ vernietigingsdatum }) => vernietigingsdatum))
  const readable = rows.filter(({ vernietigingsdatum }) => dataKeys.has(vernietigingsdatum))
  await logProcessing(
    tx,
    readable.map(({ gemeentecode, vroegsignaalId, betrokkenePseudoniem }) => ({
      gemeentecode,
      traceId,
      activiteit: 'terugkoppeling-inzien',
      clientId: caller.id,
      signaalpartnerId: caller.signaalpartnerId,
      betrokkenePseudoniem,
      objectId: vroegsignaalId,
      op: now
    }))
  )
  return readable.map(
    ({ id, vroegsignaalId, code, op, incassopauzeTotEnMet, vernietigingsdatum, inhoud }) => ({
      vroegsignaalId,
      referentie: unseal(dataKeys.get(vernietigingsdatum)!, inhoud, feedbackContext(id)).toString(),
      code,
      op: op.toISOString(),
      ...(incassopauzeTotEnMet !== null && { incassopauzeTotEnMet })
    })
  )
}

import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { assessSignal, isRefusal } from '../beoordeling/assess-signal.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { mergePatch } from '../platform/http/merge-patch.ts'
import { Problem } from '../platform/http/problem.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { logProcessing } from '../sporen/verwerking-store.ts'
import { todayIn } from '../time.ts'
import { checkSignal } from '../vroegsignalen/check-signal.ts'
import { sealContent, summarise, unsealContent } from '../vroegsignalen/signal-content.ts'
import { indexesOf, pseudonymOf } from '../vroegsignalen/signal-indexes.ts'
import { correctRow, type TeWijzigenRij } from '../vroegsignalen/vroegsignaal-store.ts'
import { gatherOmstandigheden } from '../weging/gather-omstandigheden.ts'
import type { Herkomst } from '../weging/herkomst.ts'
import { refusalProblem } from '../weging/refusal-faults.ts'
import type { VroegsignaalWijziging } from './wijziging-schema.ts'

/**
 * Corrects a partner's own signal: amount, dates and contact data; the criteria run again as of its day of receipt.
 * Its day of destruction stays. Throws ongeldige-invoer, signaal-niet-toelaatbaar or geen-overeenkomst when the
 * corrected signal would not have been admitted, and toestand-staat-dit-niet-toe when it was withdrawn.
 */
export async function correctSignal(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  row: TeWijzigenRij,
  wijziging: VroegsignaalWijziging
): Promise<void> {
  if (row.status === 'ingetrokken') {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Het signaal is ingetrokken.' })
  }
  const key = (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)
  if (key === undefined) throw new Problem('niet-gevonden')
  const { signaal: before } = unsealContent(key, row, row.inhoud)
  const signaal = checked(mergePatch(before, wijziging))
  const indexes = indexesOf(keys, signaal)
  const weging = {
    signaalpartnerId: herkomst.signaalpartnerId,
    vandaag: todayIn(herkomst.now),
    ontvangstdatum: row.ontvangstdatum,
    correctionOf: row.id,
    isHolding: true
  }
  const { weighable } = await gatherOmstandigheden(tx, weging, [{ signaal, indexes }])
  const [weighed] = weighable
  const bevindingen = assessSignal(signaal, weighed!.omstandigheden)
  const refused = bevindingen.filter(isRefusal)
  if (refused.length > 0)
    throw refusalProblem(
      refused,
      'Het verbeterde signaal voldoet niet aan de criteria; er is niets gewijzigd.'
    )
  await correctRow(tx, row, {
    signaaldatum: signaal.signaaldatum,
    bedragInCenten: signaal.achterstand.bedragInCenten,
    inhoudHash: indexes.inhoudHash,
    herhalingVan: weighed!.herhalingVan ?? null,
    inhoud: sealContent(key, row, { signaal, beoordeling: summarise(bevindingen) })
  })
  await markAddresses(tx, [row])
  await logProcessing(tx, [
    {
      gemeentecode: row.gemeentecode,
      traceId: herkomst.traceId,
      activiteit: 'vroegsignaal-corrigeren',
      clientId: herkomst.clientId,
      signaalpartnerId: herkomst.signaalpartnerId,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      objectId: row.id,
      op: herkomst.now
    }
  ])
}

function checked(merged: unknown): AangeleverdSignaal {
  const result = checkSignal(merged)
  if ('faults' in result) throw new Problem('ongeldige-invoer', { errors: result.faults })
  return result.signaal
}

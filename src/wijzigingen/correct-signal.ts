import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { mergePatch } from '../platform/http/merge-patch.ts'
import { conflict, invalid, notFound } from '../platform/http/problem.ts'
import { logSignals } from '../sporen/log-processing.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { checkSignal } from '../vroegsignalen/check-signal.ts'
import { type IdentifiedSignal, identifySignal } from '../vroegsignalen/identify-signal.ts'
import { openContents, sealContent, summarise } from '../vroegsignalen/signal-content.ts'
import { correctRow, type TeWijzigenRij } from '../vroegsignalen/vroegsignaal-store.ts'
import { refusalProblem } from '../weging/refusal-faults.ts'
import { type WeighedSignal, weighSignals } from '../weging/weigh-signals.ts'
import type { VroegsignaalWijziging } from './wijziging-schema.ts'

/**
 * Corrects the calling partner's own signal: amount, dates and contact data; the criteria run again as of its day of
 * receipt. Its day of destruction stays. Throws ongeldige-invoer, signaal-niet-toelaatbaar or geen-overeenkomst when the
 * corrected signal would not have been admitted, and toestand-staat-dit-niet-toe when it was withdrawn.
 */
export async function correctSignal(
  handeling: Handeling,
  row: TeWijzigenRij,
  wijziging: VroegsignaalWijziging
): Promise<void> {
  if (row.status === 'ingetrokken') throw conflict('Het signaal is ingetrokken.')
  const { tx, keys } = handeling
  const [before] = await openContents(handeling, [row])
  const key = (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)
  if (before === undefined || key === undefined) throw notFound()
  const corrected = identifySignal(keys, checked(mergePatch(before.signaal, wijziging)))
  const { bevindingen, herhalingVan = null } = await weighAgain(handeling, row, corrected)
  const { signaal, indexes } = corrected
  await correctRow(tx, row, {
    signaaldatum: signaal.signaaldatum,
    bedragInCenten: signaal.achterstand.bedragInCenten,
    inhoudHash: indexes.inhoudHash,
    herhalingVan,
    inhoud: sealContent(key, row, { signaal, beoordeling: summarise(bevindingen) })
  })
  await markAddresses(tx, [row])
  await logSignals(handeling, 'vroegsignaal-corrigeren', [row])
}

async function weighAgain(
  { tx, caller, now }: Handeling,
  { id, ontvangstdatum }: TeWijzigenRij,
  corrected: IdentifiedSignal
): Promise<WeighedSignal> {
  const weging = {
    signaalpartnerId: signaalpartnerOf(caller),
    vandaag: todayIn(now),
    ontvangstdatum,
    correctionOf: id,
    isHolding: true
  }
  const { signals } = await weighSignals(tx, weging, [corrected])
  const weighed = signals[0]!
  if (weighed.refused.length === 0) return weighed
  const detail = 'Het verbeterde signaal voldoet niet aan de criteria; er is niets gewijzigd.'
  throw refusalProblem(weighed.refused, detail)
}

function checked(merged: unknown): AangeleverdSignaal {
  const result = checkSignal(merged)
  if ('faults' in result) throw invalid(result.faults)
  return result.signaal
}

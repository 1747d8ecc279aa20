import type { Intrekkingsreden } from '../begrippen/intrekkingsreden.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import { mergePatch } from '../platform/http/merge-patch.ts'
import { invalid, notFound } from '../platform/http/problem.ts'
import { logVroegsignalen } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { checkVroegsignaal } from '../vroegsignalen/check-vroegsignaal.ts'
import { crisisReactiedatum } from '../vroegsignalen/crisis-reactiedatum.ts'
import { type IdentifiedVroegsignaal, identifyVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import {
  openInhoud,
  sealBeoordeling,
  sealInhoud,
  signaalIn,
  uitkomstenOf,
  writeInhoud
} from '../vroegsignalen/vroegsignaal-inhoud.ts'
import { saveWijziging, type TeWijzigenRij } from '../vroegsignalen/vroegsignaal-store.ts'
import { afwijzingProblem } from '../weging/afwijzing-problem.ts'
import { type WeighedVroegsignaal, weighVroegsignalen } from '../weging/weigh-vroegsignalen.ts'
import type { VroegsignaalWijziging } from './wijziging-schema.ts'

/**
 * Corrects the calling partner's own signal: amount, dates and contact data. The criteria run again as on its day of
 * receipt; its day of destruction stays, and a crisis is never answered after its planned day. Throws ongeldige-invoer,
 * signaal-niet-toelaatbaar or geen-overeenkomst when the corrected signal would not have been admitted, and
 * niet-gevonden when its data key was destroyed.
 */
export async function correctVroegsignaal(
  handeling: Handeling,
  row: TeWijzigenRij,
  wijziging: VroegsignaalWijziging
): Promise<void> {
  const { tx, keys } = handeling
  const [before] = await openInhoud(handeling, [row])
  const key = (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)
  if (before === undefined || key === undefined) throw notFound()
  const corrected = identifyVroegsignaal(
    keys,
    signaalpartnerOf(handeling.caller),
    checked(mergePatch(signaalIn(before), wijziging))
  )
  const { bevindingen, herhalingVan = null } = await weighAgain(handeling, row, corrected)
  const { signaal, indexes } = corrected
  await saveWijziging(tx, row, {
    signaaldatum: signaal.signaaldatum,
    ...plannedIn(row, signaal),
    bedragInCenten: signaal.achterstand.bedragInCenten,
    inhoudHash: indexes.inhoudHash,
    herhalingVan,
    // The address is shown as before: it cannot be corrected.
    inhoud: sealInhoud(key, row, { ...writeInhoud(signaal, {}), adres: before.adres }),
    beoordeling: sealBeoordeling(key, row, uitkomstenOf(bevindingen))
  })
  await markAdressen(tx, [row])
  await logVroegsignalen(handeling, 'vroegsignaal-corrigeren', [row])
}

function plannedIn({ ontvangstdatum, reactiedatum }: TeWijzigenRij, { geplandeDatum }: AangeleverdSignaal) {
  return geplandeDatum === undefined
    ? { reactiedatum, geplandeDatum: null }
    : { reactiedatum: crisisReactiedatum(ontvangstdatum, geplandeDatum), geplandeDatum }
}

async function weighAgain(
  handeling: Handeling,
  { id, ontvangstdatum }: TeWijzigenRij,
  corrected: IdentifiedVroegsignaal
): Promise<WeighedVroegsignaal> {
  const weging = {
    vandaag: todayIn(handeling.now),
    ontvangstdatum,
    correctionOf: id,
    isHolding: true
  }
  const { signals } = await weighVroegsignalen(handeling, weging, [corrected])
  const weighed = signals[0]!
  if (weighed.refused.length === 0) return weighed
  throw afwijzingProblem(weighed.refused, explain(weighed.refused))
}

// What the partner now knows does not only forbid a correction: the signal itself may not stay.
const withdrawals: Readonly<Record<string, Intrekkingsreden>> = {
  'geen-bezwaar': 'bezwaar',
  'geen-nagekomen-regeling': 'betalingsregeling'
}

function explain(refused: readonly Bevinding[]): string {
  const unchanged = 'Het verbeterde signaal voldoet niet aan de criteria; er is niets gewijzigd.'
  const [reden] = refused.flatMap(({ criterium }) => withdrawals[criterium.criterium] ?? [])
  if (reden === undefined) return unchanged
  return `${unchanged} Trek het signaal in: POST /v1/vroegsignalen/{id}/intrekkingen met reden ${reden}.`
}

function checked(merged: unknown): AangeleverdSignaal {
  const result = checkVroegsignaal(merged)
  if ('faults' in result) throw invalid(result.faults)
  return result.signaal
}

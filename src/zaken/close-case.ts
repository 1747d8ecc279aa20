import { type Eindresultaat, gevolgVan } from '../begrippen/eindresultaat.ts'
import { isAfgerond } from '../begrippen/terugkoppelcode.ts'
import { findGemeente } from '../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { logHouseholds } from '../sporen/log-processing.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { addDays, type IsoDate, todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { bringForward, settleRows } from '../vroegsignalen/afhandeling-store.ts'
import { holdSignals } from '../vroegsignalen/hold-signals.ts'
import { keepReported } from '../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { bringContestsForward } from './betwistingen/betwisting-store.ts'
import { refuseClosed } from './open-case.ts'
import { giveFeedback } from './terugkoppelingen/give-feedback.ts'
import { closeRow, destroyOtherLinks, type ZaakRij } from './zaak-store.ts'

/** How a case ends. */
export type Zaakeinde = { readonly resultaat: Eindresultaat; readonly datum: IsoDate }

/** Whether a case ended with exactly this result on this day. */
export function hasEnded(zaak: ZaakRij, { resultaat, datum }: Zaakeinde): boolean {
  return zaak.resultaat === resultaat && zaak.resultaatdatum === datum
}

/**
 * Ends a case with a result. Its signals, their partners and its term follow as the code list says for that result. The
 * same result again changes nothing; throws toestand-staat-dit-niet-toe for another one. Returns whether something is
 * due for destruction at once.
 */
export async function closeCase(
  handeling: Handeling,
  zaak: ZaakRij,
  given: Zaakeinde
): Promise<{ isDue: boolean }> {
  if (hasEnded(zaak, given)) return { isDue: false }
  refuseClosed(zaak)
  const { tx } = handeling
  const { gemeentecode } = zaak
  const { resultaat, datum } = given
  const { terugkoppeling, status, vernietiging } = gevolgVan(resultaat)
  const signals = await holdSignals(handeling, [gemeentecode], zaak.vroegsignaalIds)
  const ids = signals.map(({ row }) => row.id)

  await closeRow(tx, zaak, resultaat, datum)
  await logHouseholds(handeling, 'zaak-afsluiten', [zaak])
  await giveFeedback(handeling, signals, terugkoppeling, datum)
  const afgerond = isAfgerond(terugkoppeling)
  if (afgerond) await keepReported(handeling, signals)
  await settleRows(tx, gemeentecode, ids, { status, afgerond })
  await markAddresses(tx, [zaak])
  if (vernietiging !== 'geen-hulp') return { isDue: false }
  return { isDue: await destroySooner(handeling, zaak, ids) }
}

/** Brings the end of a case and of its signals forward, as its municipality has settled. Returns whether that is today. */
async function destroySooner(
  { tx, now }: Handeling,
  zaak: ZaakRij,
  ids: readonly string[]
): Promise<boolean> {
  const { gemeentecode } = zaak
  const gemeente = await findGemeente(tx, gemeentecode)
  const { geenHulpVernietigenNaDagen } = gemeente!.instellingen
  const dag = addDays(todayIn(now), geenHulpVernietigenNaDagen)
  await underDuty(tx, 'afhandelaar', async () => {
    await bringForward(tx, gemeentecode, ids, dag)
    await bringContestsForward(tx, gemeentecode, ids, dag)
    // A signal that its partner withdrew keeps its own day, but leaves the case of somebody who wants no help. The day of
    // the case then follows from the signals that are left.
    await destroyOtherLinks(tx, zaak, ids)
  })
  return geenHulpVernietigenNaDagen === 0
}

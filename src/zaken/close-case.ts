import { type Eindresultaat, gevolgVan } from '../begrippen/eindresultaat.ts'
import { isAfgerond } from '../begrippen/terugkoppelcode.ts'
import { findGemeente } from '../organisaties/gemeenten/gemeente-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { addDays, type IsoDate, todayIn } from '../time.ts'
import type { Inzage } from '../toegang/caller.ts'
import { bringForward, settleRows } from '../vroegsignalen/afhandeling-store.ts'
import { keepReported } from '../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { bringContestsForward } from './betwistingen/betwisting-store.ts'
import { holdSignals } from './hold-signals.ts'
import { refuseClosed } from './open-case.ts'
import { giveFeedback } from './terugkoppelingen/give-feedback.ts'
import { closeRow, destroyOtherLinks, type ZaakRij } from './zaak-store.ts'

/** How a case ends. */
export type Zaakeinde = { readonly resultaat: Eindresultaat; readonly datum: IsoDate }

/** Whether a case ended exactly so. */
export function hasEnded(zaak: ZaakRij, { resultaat, datum }: Zaakeinde): boolean {
  return zaak.resultaat === resultaat && zaak.resultaatdatum === datum
}

/**
 * Ends a case with a result, and does to its signals, its partners and its term what the code list says. The same
 * result again changes nothing; throws toestand-staat-dit-niet-toe for another one. Returns whether something is
 * due for destruction at once.
 */
export async function closeCase(
  tx: Tx,
  keys: KeyRing,
  inzage: Inzage,
  zaak: ZaakRij,
  given: Zaakeinde
): Promise<{ isDue: boolean }> {
  if (hasEnded(zaak, given)) return { isDue: false }
  refuseClosed(zaak)
  const { gemeentecode } = zaak
  const { resultaat, datum } = given
  const { terugkoppeling, status, vernietiging } = gevolgVan(resultaat)
  const signals = await holdSignals(tx, keys, [gemeentecode], zaak.vroegsignaalIds)
  const ids = signals.map(({ row }) => row.id)

  await closeRow(tx, zaak, resultaat, datum)
  await logHouseholds(tx, keys, inzage, 'zaak-afsluiten', [zaak])
  await giveFeedback(tx, keys, signals, terugkoppeling, { now: inzage.now, dag: datum })
  const afgerond = isAfgerond(terugkoppeling)
  if (afgerond) await keepReported(tx, keys, signals)
  await settleRows(tx, gemeentecode, ids, { status, afgerond })
  await markAddresses(tx, [zaak])
  if (vernietiging !== 'geen-hulp') return { isDue: false }

  const gemeente = await findGemeente(tx, gemeentecode)
  const { geenHulpVernietigenNaDagen } = gemeente!.instellingen
  const dag = addDays(todayIn(inzage.now), geenHulpVernietigenNaDagen)
  await underDuty(tx, 'afhandelaar', async () => {
    await bringForward(tx, gemeentecode, ids, dag)
    await bringContestsForward(tx, gemeentecode, ids, dag)
    // A signal that its partner withdrew keeps its own day, but no case of somebody who wants none; the day of the case
    // follows from those that are left.
    await destroyOtherLinks(tx, zaak, ids)
  })
  return { isDue: geenHulpVernietigenNaDagen === 0 }
}

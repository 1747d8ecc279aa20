import { type Eindresultaat, gevolgVan } from '../begrippen/eindresultaat.ts'
import { isAfgerond } from '../begrippen/terugkoppelcode.ts'
import { findGemeente } from '../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { addDays, type IsoDate, todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { bringForward, settleVroegsignalen } from '../vroegsignalen/afhandeling-store.ts'
import { holdVroegsignalen } from '../vroegsignalen/hold-vroegsignalen.ts'
import { keepGemeldeSignalen } from '../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { bringBetwistingenForward } from './betwistingen/betwisting-store.ts'
import { refuseClosed } from './open-zaak.ts'
import { giveTerugkoppeling } from './terugkoppelingen/give-terugkoppeling.ts'
import { destroyOtherLinks, saveResultaat, type ZaakRij } from './zaak-store.ts'

/** The end of a case. */
export type Zaakeinde = { readonly resultaat: Eindresultaat; readonly datum: IsoDate }

/** True when a case ended with exactly this result on this day. */
export function hasEnded(zaak: ZaakRij, { resultaat, datum }: Zaakeinde): boolean {
  return zaak.resultaat === resultaat && zaak.resultaatdatum === datum
}

/**
 * Ends a case with a result. The code list says what that means for its signals, their partners and the term. The same
 * result again changes nothing; another one throws toestand-staat-dit-niet-toe. Returns whether something is due for
 * destruction at once.
 */
export async function closeZaak(
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
  const signals = await holdVroegsignalen(handeling, [gemeentecode], zaak.vroegsignaalIds)
  const ids = signals.map(({ row }) => row.id)

  await saveResultaat(tx, zaak, resultaat, datum)
  await logHuishoudens(handeling, 'zaak-afsluiten', [zaak])
  await giveTerugkoppeling(handeling, signals, terugkoppeling, datum)
  const afgerond = isAfgerond(terugkoppeling)
  if (afgerond) await keepGemeldeSignalen(handeling, signals)
  await settleVroegsignalen(tx, gemeentecode, ids, { status, afgerond })
  await markAdressen(
    tx,
    signals.map(({ row }) => row)
  )
  if (vernietiging !== 'geen-hulp') return { isDue: false }
  return { isDue: await destroySooner(handeling, zaak, ids) }
}

/**
 * Brings the destruction of a case and its signals forward by the municipality's setting. Returns whether it is due
 * today.
 */
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
    await bringBetwistingenForward(tx, gemeentecode, ids, dag)
    // A signal that its partner withdrew keeps its own day, but leaves this case, because its resident wants no help.
    // The day of the case then follows from the signals that are left.
    await destroyOtherLinks(tx, zaak, ids)
  })
  return geenHulpVernietigenNaDagen === 0
}

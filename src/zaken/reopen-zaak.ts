import { underDuty } from '../platform/database/under-duty.ts'
import { conflict } from '../platform/http/problem.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { restoreTerm, settleVroegsignalen } from '../vroegsignalen/afhandeling-store.ts'
import { holdVroegsignalen } from '../vroegsignalen/hold-vroegsignalen.ts'
import { destroyGemeldeSignalen } from '../vroegsignalen/meldbewijzen/gemeld-signaal-store.ts'
import { restoreBetwistingen } from './betwistingen/betwisting-store.ts'
import { giveTerugkoppeling } from './terugkoppelingen/give-terugkoppeling.ts'
import { clearResultaat, hasLaterZaak, type ZaakRij } from './zaak-store.ts'

/**
 * Recalls a wrong result (AVG art. 16 and 19): the case is open again with the signals that it still has, which get
 * back their own term and are seen by their partners again; those hear `correctie`. Throws toestand-staat-dit-niet-toe
 * when there is no result, none of its signals is left, or the household or one of the signals has a later case.
 */
export async function reopenZaak(handeling: Handeling, zaak: ZaakRij): Promise<void> {
  const { tx, now } = handeling
  const { gemeentecode } = zaak
  if (zaak.resultaat === null) throw conflict('De zaak is open: er is geen resultaat om te herroepen.')
  const signals = await holdVroegsignalen(handeling, [gemeentecode], zaak.vroegsignaalIds)
  if (signals.length === 0) {
    throw conflict('Van deze zaak leeft geen signaal meer; er is niets meer te herroepen.')
  }
  if (await hasLaterZaak(tx, zaak)) throw alreadyTakenUp()
  const rows = signals.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  const ownDay = rows
    .map(({ sleuteldag }) => sleuteldag)
    .sort()
    .at(-1)!

  if (!(await clearResultaat(tx, zaak, ownDay))) throw alreadyTakenUp()
  await logHuishoudens(handeling, 'zaak-heropenen', [zaak])
  await settleVroegsignalen(tx, gemeentecode, ids, { status: 'opgepakt', afgerond: false })
  await giveTerugkoppeling(handeling, signals, 'correctie', todayIn(now))
  await underDuty(tx, 'afhandelaar', async () => {
    await restoreTerm(tx, gemeentecode, ids)
    await restoreBetwistingen(tx, gemeentecode, ids)
    // The signal itself is there for its partner again, with its own reference and receipt; one that was sent on is not.
    await destroyGemeldeSignalen(
      tx,
      rows.filter(({ doorgezondenVan }) => doorgezondenVan === null)
    )
  })
  await markAdressen(tx, rows)
}

function alreadyTakenUp() {
  const detail =
    'Dit huishouden, of een signaal uit deze zaak, heeft een latere zaak. Herroep eerst het resultaat daarvan, of ga daarin verder.'
  return conflict(detail)
}

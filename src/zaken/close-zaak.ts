import { type Eindresultaat, gevolgVan } from '../begrippen/eindresultaat.ts'
import { isAfgerond, type Terugkoppelcode } from '../begrippen/terugkoppelcode.ts'
import { findGemeente } from '../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { addDays, todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { bringForward, condemnWithdrawn, settleVroegsignalen } from '../vroegsignalen/afhandeling-store.ts'
import { type BehandeldSignaal, holdVroegsignalen } from '../vroegsignalen/hold-vroegsignalen.ts'
import { keepGemeldeSignalen } from '../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { voidMeldbewijzen } from '../vroegsignalen/meldbewijzen/ongeldig-meldbewijs-store.ts'
import { bringBetwistingenForward } from './betwistingen/betwisting-store.ts'
import { refuseClosed } from './open-zaak.ts'
import { giveTerugkoppelingen } from './terugkoppelingen/give-terugkoppeling.ts'
import { weighResultaat, type Zaakeinde } from './weigh-resultaat.ts'
import { saveResultaat, settleZaken, type ZaakRij } from './zaak-store.ts'

/** True when a case ended with exactly this result on this day, for these signals. */
export function hasEnded(zaak: ZaakRij, { resultaat, datum, betreft }: Zaakeinde): boolean {
  const { buitenResultaat } = zaak
  // A signal that the result destroyed cannot be asked any more whether it was about that.
  const isForThese =
    betreft === undefined
      ? buitenResultaat.length === 0
      : betreft.every((id) => !buitenResultaat.includes(id))
  return zaak.resultaat === resultaat && zaak.resultaatdatum === datum && isForThese
}

/**
 * Ends a case with a result. The code list says what that means for the signals that it is about, their partners and
 * the term; of the others partners hear `afgerond`. The same result again changes nothing; another one throws
 * toestand-staat-dit-niet-toe. Throws as `weighResultaat` does. Returns the signals that are due for destruction at once.
 */
export async function closeZaak(
  handeling: Handeling,
  zaak: ZaakRij,
  given: Zaakeinde
): Promise<readonly string[]> {
  if (hasEnded(zaak, given)) return []
  refuseClosed(zaak)
  const { tx, now } = handeling
  const { gemeentecode } = zaak
  const { resultaat, datum } = given
  const signals = await holdVroegsignalen(handeling, [gemeentecode], zaak.vroegsignaalIds)
  const { concerned, others } = await weighResultaat(handeling, zaak, signals, given)
  const { terugkoppeling, status } = gevolgVan(resultaat)
  const uitkomsten: Uitkomst[] = [
    { signals: concerned, code: terugkoppeling, status },
    { signals: others, code: 'afgerond', status: 'opgepakt' }
  ]

  await saveResultaat(tx, zaak, { resultaat, resultaatdatum: datum, afgeslotenOp: now }, idsOf(others))
  await logHuishoudens(handeling, 'zaak-afsluiten', [zaak])
  await giveTerugkoppelingen(handeling, uitkomsten, datum)
  for (const uitkomst of uitkomsten) await settle(handeling, gemeentecode, uitkomst)
  await markAdressen(
    tx,
    signals.map(({ row }) => row)
  )
  return destroySooner(handeling, zaak, resultaat, idsOf(concerned))
}

type Uitkomst = {
  readonly signals: readonly BehandeldSignaal[]
  readonly code: Terugkoppelcode
  readonly status: 'opgepakt' | 'niet-opgepakt'
}

async function settle(
  handeling: Handeling,
  gemeentecode: string,
  { signals, code, status }: Uitkomst
): Promise<void> {
  const afgerond = isAfgerond(code)
  // A signal in two cases of joined households may be over already.
  if (afgerond)
    await keepGemeldeSignalen(
      handeling,
      signals.filter(({ row }) => !row.afgerond)
    )
  await settleVroegsignalen(handeling.tx, gemeentecode, idsOf(signals), { status, afgerond })
}

// Brings forward what the result has no purpose for: the signals that it is about, where it says so, and those that their
// partners withdrew while the case was open. Returns those that are due today.
async function destroySooner(
  handeling: Handeling,
  zaak: ZaakRij,
  resultaat: Eindresultaat,
  ids: readonly string[]
): Promise<readonly string[]> {
  const { tx, keys, now } = handeling
  const { gemeentecode } = zaak
  const { vernietiging } = gevolgVan(resultaat)
  const vandaag = todayIn(now)
  const dag = addDays(vandaag, await daysLeft(handeling, gemeentecode, resultaat))
  if (vernietiging === 'onterecht-signaal') await voidMeldbewijzen(tx, keys, ids, vernietiging)
  return underDuty(tx, 'afhandelaar', async () => {
    const isSooner = vernietiging !== 'bewaartermijn'
    if (isSooner) {
      await bringForward(tx, gemeentecode, ids, dag, vernietiging)
      await bringBetwistingenForward(tx, gemeentecode, ids, dag)
    }
    const withdrawn = await condemnWithdrawn(tx, zaak, vandaag)
    await bringBetwistingenForward(tx, gemeentecode, withdrawn, vandaag)
    // The day of the case follows from the signals that are left.
    await settleZaken(tx, [zaak])
    return isSooner && dag === vandaag ? [...withdrawn, ...ids] : withdrawn
  })
}

async function daysLeft({ tx }: Handeling, gemeentecode: string, resultaat: Eindresultaat): Promise<number> {
  if (gevolgVan(resultaat).vernietiging !== 'geen-hulp') return 0
  const gemeente = await findGemeente(tx, gemeentecode)
  return gemeente!.instellingen.geenHulpVernietigenNaDagen
}

function idsOf(signals: readonly BehandeldSignaal[]): string[] {
  return signals.map(({ row }) => row.id)
}

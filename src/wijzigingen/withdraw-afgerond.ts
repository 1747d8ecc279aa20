import type { Intrekkingsreden } from '../begrippen/intrekkingsreden.ts'
import { forgetAnswers } from '../platform/database/idempotency-store.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { notFound } from '../platform/http/problem.ts'
import { addGebeurtenissen } from '../sporen/gebeurtenis-store.ts'
import { logVroegsignalenOf } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { addTellingen } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import {
  forgetTerugkoppelingen,
  hasOpenZaak,
  lockAfgerond,
  withdrawLocked
} from '../vroegsignalen/afhandeling-store.ts'
import {
  destroyGemeldeSignalen,
  findGemeldSignaal
} from '../vroegsignalen/meldbewijzen/gemeld-signaal-store.ts'
import { voidMeldbewijzen } from '../vroegsignalen/meldbewijzen/ongeldig-meldbewijs-store.ts'
import { isOnterecht } from './withdraw-vroegsignaal.ts'

/**
 * Withdraws the calling partner's own signal that is over for it, wherever it lives by now and whether or not it still does:
 * the partner may learn neither. Nothing is left for the partner at the commit; the signal itself goes as
 * `withdrawVroegsignaal` says. Throws niet-gevonden when it was withdrawn before or its term is over.
 */
export async function withdrawAfgerond(
  handeling: Handeling,
  id: string,
  reden: Intrekkingsreden
): Promise<{ gemeentecode: string }> {
  const { tx, keys, caller, now } = handeling
  const { gemeentecode, betrokkenePseudoniem, adresIndex } = await holdAfgerond(handeling, id, reden)
  await logVroegsignalenOf(handeling, 'vroegsignaal-intrekken', [
    { gemeentecode, vroegsignaalId: id, betrokkenePseudoniem }
  ])
  const signaalpartnerId = signaalpartnerOf(caller)
  await addTellingen(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis: 'intrekking', kenmerk: reden, aantal: 1 }
  ])
  if (isOnterecht(reden)) await voidMeldbewijzen(tx, keys, [id], reden)
  // Where the signal is gone already, the sweeper would not; a repeat of an earlier request would tell which it was.
  await underDuty(tx, 'vernietiger', () => forgetAnswers(tx, [id]))
  if (adresIndex === undefined) return { gemeentecode }
  addGebeurtenissen(tx, [
    { gemeentecode, soort: 'nl.vroegsignalering.signaal-ingetrokken', vroegsignaalId: id }
  ])
  await markAdressen(tx, [{ gemeentecode, adresIndex }])
  return { gemeentecode }
}

// The signal may move while its row is waited for; then it is found where it went.
async function holdAfgerond({ tx }: Handeling, id: string, reden: Intrekkingsreden) {
  for (let before: string | undefined; ; ) {
    const gemeld = await findGemeldSignaal(tx, id)
    if (gemeld === undefined) throw notFound()
    const { gemeentecode, betrokkenePseudoniem } = gemeld
    const adresIndex = await underDuty(
      tx,
      'afhandelaar',
      async () => {
        const row = await lockAfgerond(tx, { gemeentecode, id })
        if (row === undefined && before !== gemeentecode) return undefined
        if (row !== undefined) {
          const isKept = !isOnterecht(reden) && (await hasOpenZaak(tx, { gemeentecode, id }))
          await withdrawLocked(tx, { gemeentecode, id }, isKept)
        }
        await destroyGemeldeSignalen(tx, [{ gemeentecode, id }])
        await forgetTerugkoppelingen(tx, { gemeentecode, id })
        return { of: row?.adresIndex }
      },
      [gemeentecode]
    )
    if (adresIndex !== undefined) return { gemeentecode, betrokkenePseudoniem, adresIndex: adresIndex.of }
    before = gemeentecode
  }
}

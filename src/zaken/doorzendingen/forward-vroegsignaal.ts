import { underDuty } from '../../platform/database/under-duty.ts'
import { conflict, notFound, Problem } from '../../platform/http/problem.ts'
import { addGebeurtenissen, forgetGebeurtenissen, type Gebeurtenis } from '../../sporen/gebeurtenis-store.ts'
import { logVroegsignalen } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { destroyMaandsporen } from '../../sporen/monitor-store.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { moveVroegsignaal } from '../../vroegsignalen/afhandeling-store.ts'
import { type BehandeldSignaal, holdVroegsignalen } from '../../vroegsignalen/hold-vroegsignalen.ts'
import {
  openBeoordelingen,
  openInhoud,
  sealBeoordeling,
  sealInhoud
} from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import type { BehandeldeRij } from '../../vroegsignalen/vroegsignaal-store.ts'
import { hasBezwaar } from '../../weging/has-bezwaar.ts'
import { destroyBetwistingenOf } from '../betwistingen/betwisting-store.ts'
import { giveTerugkoppeling } from '../terugkoppelingen/give-terugkoppeling.ts'
import { moveTerugkoppelingen } from '../terugkoppelingen/terugkoppeling-store.ts'
import { destroyZakenOf, lockZakenOf } from '../zaak-store.ts'

/**
 * Moves a signal to the municipality where the resident lives now. It keeps its evidence and all its days; it is gone
 * here and waits there, and its partner hears `geen-inwoner`. Throws niet-gevonden, and geen-overeenkomst when the
 * partner may not signal there. Throws toestand-staat-dit-niet-toe when it is there already or over for its partner,
 * when its case ended with another result, or when the resident objected there. Nothing moves then.
 */
export async function forwardVroegsignaal(
  handeling: Handeling,
  vroegsignaalId: string,
  naar: string
): Promise<void> {
  const { tx, now } = handeling
  const signal = await holdMovable(handeling, vroegsignaalId, naar)
  const { row } = signal
  await giveTerugkoppeling(handeling, [signal], 'geen-inwoner', todayIn(now))
  const sealed = await resealFor(handeling, row, naar)
  const moved = { ...row, gemeentecode: naar }
  await underDuty(tx, 'afhandelaar', async () => {
    // Does not say why: this municipality may not learn of an objection elsewhere.
    if (await hasBezwaar(handeling, naar, row.signaalpartnerId, signal.signaal))
      throw conflict('Dit signaal kan daar niet worden aangenomen.')
    if (!(await moveVroegsignaal(tx, row, naar, sealed))) throw noAgreement()
    await moveTerugkoppelingen(tx, row, naar)
    await destroyZakenOf(tx, [row])
    await destroyBetwistingenOf(tx, [row])
    await destroyMaandsporen(tx, [row])
    await forgetGebeurtenissen(tx, row)
    addGebeurtenissen(tx, received(moved))
    await markAdressen(tx, [row, moved])
    // In the logs of both municipalities, because each must account for what came or went.
    await logVroegsignalen(handeling, 'vroegsignaal-doorzenden', [row, moved])
  })
}

// There it is a signal as any that comes in.
function received({ gemeentecode, id: vroegsignaalId, soort }: BehandeldeRij): Gebeurtenis[] {
  const about = { gemeentecode, vroegsignaalId }
  return [
    { ...about, soort: 'nl.vroegsignalering.signaal-ontvangen' },
    ...(soort === 'vroegsignaal' ? [] : [{ ...about, soort: 'nl.vroegsignalering.crisis-gemeld' as const }])
  ]
}

async function holdMovable(
  handeling: Handeling,
  vroegsignaalId: string,
  naar: string
): Promise<BehandeldSignaal> {
  const { tx, caller } = handeling
  const results = await lockZakenOf(tx, caller.gemeentecodes, vroegsignaalId)
  const [signal] = await holdVroegsignalen(handeling, caller.gemeentecodes, [vroegsignaalId])
  if (signal === undefined) throw notFound()
  if (signal.row.gemeentecode === naar) throw conflict('Het signaal is al van deze gemeente.')
  if (signal.row.afgerond || results.some((result) => result !== null && result !== 'geen-inwoner')) {
    throw conflict('De zaak van dit signaal heeft al een ander resultaat dan geen-inwoner.')
  }
  return signal
}

async function resealFor(
  handeling: Handeling,
  row: BehandeldeRij,
  naar: string
): Promise<{ inhoud: Buffer; beoordeling: Buffer }> {
  const [inhoud] = await openInhoud(handeling, [row])
  const [uitkomsten] = await openBeoordelingen(handeling, [row])
  const dataKeys = await handeling.keys.findDataKeys([row.sleuteldag])
  const key = dataKeys.get(row.sleuteldag)
  if (inhoud === undefined || uitkomsten === undefined || key === undefined) throw notFound()
  const moved = { id: row.id, gemeentecode: naar }
  return {
    inhoud: sealInhoud(key, moved, inhoud),
    beoordeling: sealBeoordeling(key, moved, uitkomsten)
  }
}

function noAgreement(): Problem {
  const detail =
    'De signaalpartner heeft voor deze sector geen geldende overeenkomst met die gemeente; het signaal blijft waar het is. Wijs de inwoner zelf de weg, of geef de zaak het resultaat geen-inwoner.'
  return new Problem('geen-overeenkomst', { detail })
}

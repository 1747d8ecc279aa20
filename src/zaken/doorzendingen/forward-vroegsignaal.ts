import { findOpgegaan } from '../../organisaties/gemeenten/opgegaan-store.ts'
import { useOpvolger } from '../../organisaties/herindelingen/use-opvolger.ts'
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
import { keepGemeldeSignalen } from '../../vroegsignalen/meldbewijzen/gemeld-signaal.ts'
import { moveGemeldSignaal } from '../../vroegsignalen/meldbewijzen/gemeld-signaal-store.ts'
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
 * here and waits there. For its partner it is over, exactly as when a case about it had ended with `geen-inwoner`. Where the
 * resident objected to it, it is destroyed on arrival, and this municipality may not learn that: it looks the same from
 * here. Throws niet-gevonden, and geen-overeenkomst when the partner may not signal there. Throws
 * toestand-staat-dit-niet-toe when it is there already, or when its case ended with another result. Nothing moves then.
 */
export async function forwardVroegsignaal(
  handeling: Handeling,
  vroegsignaalId: string,
  naar: string
): Promise<void> {
  const { tx } = handeling
  const signal = await holdMovable(handeling, vroegsignaalId, naar)
  const opgegaan = await findOpgegaan(tx, naar)
  if (opgegaan !== undefined) throw new Problem('geen-overeenkomst', { detail: useOpvolger(opgegaan) })
  const { row } = signal
  await endForPartner(handeling, signal)
  const sealed = await resealFor(handeling, row, naar)
  const moved = { ...row, gemeentecode: naar }
  const move = async () => {
    const isBezwaar = await hasBezwaar(handeling, naar, row.signaalpartnerId, signal.signaal)
    if (!(await moveVroegsignaal(tx, row, naar, { ...sealed, isBezwaar }))) throw noAgreement()
    await moveTerugkoppelingen(tx, row, naar)
    await moveGemeldSignaal(tx, row, naar)
    await destroyZakenOf(tx, [row])
    await destroyBetwistingenOf(tx, [row])
    await destroyMaandsporen(tx, [row])
    await forgetGebeurtenissen(tx, row)
    if (!isBezwaar) addGebeurtenissen(tx, received(moved))
    await markAdressen(tx, [row, moved])
    // In the logs of both municipalities, because each must account for what came or went.
    await logVroegsignalen(handeling, 'vroegsignaal-doorzenden', [row, moved])
  }
  await underDuty(tx, 'doorzender', move, [row.gemeentecode, naar])
}

// What the partner hears when a case is opened and ends with `geen-inwoner`, as far as it has not heard that yet. Were
// either missing, it would know that the resident lives where it has another agreement.
async function endForPartner(handeling: Handeling, signal: BehandeldSignaal): Promise<void> {
  const { row } = signal
  if (row.afgerond) return
  const vandaag = todayIn(handeling.now)
  if (row.status === 'ontvangen') await giveTerugkoppeling(handeling, [signal], 'opgepakt', vandaag)
  await giveTerugkoppeling(handeling, [signal], 'geen-inwoner', vandaag)
  await keepGemeldeSignalen(handeling, [signal])
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
  const ends = await lockZakenOf(tx, caller.gemeentecodes, vroegsignaalId)
  const [signal] = await holdVroegsignalen(handeling, caller.gemeentecodes, [vroegsignaalId])
  if (signal === undefined) throw notFound()
  if (signal.row.gemeentecode === naar) throw conflict('Het signaal is al van deze gemeente.')
  if (
    ends.some(
      ({ resultaat, isBetreft }) => resultaat !== null && (resultaat !== 'geen-inwoner' || !isBetreft)
    )
  ) {
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

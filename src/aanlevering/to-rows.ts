import { randomUUIDv7 } from 'node:crypto'
import { type AangeleverdSignaal, isCrisis } from '../begrippen/vroegsignaal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { addDays, addMonths, addWorkingDays, ageOn, type IsoDate, todayIn } from '../time.ts'
import type { NieuwSignaal } from '../vroegsignalen/aanname-store.ts'
import { sealContent, summarise } from '../vroegsignalen/signal-content.ts'
import { pseudonymOf } from '../vroegsignalen/signal-indexes.ts'
import type { TeWegenSignaal } from '../weging/gather-omstandigheden.ts'
import type { Herkomst } from '../weging/herkomst.ts'

const crisisWorkingDays = 3

/** A signal that passed, with what was found and the trace it came in by. */
type Toegelaten = TeWegenSignaal & {
  readonly bevindingen: readonly Bevinding[]
  readonly traceId: string | undefined
}

/** The rows of signals that passed: their days worked out, their content sealed under the key of their last day. */
export async function toRows(
  keys: KeyRing,
  herkomst: Herkomst,
  admitted: readonly Toegelaten[]
): Promise<NieuwSignaal[]> {
  const received = todayIn(herkomst.now)
  const days = admitted.map(({ instellingen }) => addMonths(received, instellingen!.bewaartermijnMaanden))
  const dataKeys = await keys.dataKeysFor(days)
  return mapInTurns(admitted, (one, index): NieuwSignaal => {
    const { signaal, indexes, bevindingen, herhalingVan, instellingen, traceId = herkomst.traceId } = one
    const plaats = {
      gemeentecode: signaal.gemeentecode!,
      id: randomUUIDv7(),
      sleuteldag: days[index]!
    }
    const inhoud = { signaal, beoordeling: summarise(bevindingen) }
    return {
      ...plaats,
      ...indexes,
      vernietigingsdatum: plaats.sleuteldag,
      signaalpartnerId: herkomst.signaalpartnerId,
      soort: signaal.soort,
      sector: signaal.sector,
      signaaldatum: signaal.signaaldatum,
      ontvangenOp: herkomst.now,
      ontvangstdatum: received,
      reactiedatum: isCrisis(signaal.soort)
        ? addWorkingDays(received, crisisWorkingDays)
        : addDays(received, instellingen!.reactietermijnDagen),
      bedragInCenten: signaal.achterstand.bedragInCenten,
      jongere: isYoung(signaal, received, instellingen!.jongereTotEnMetLeeftijd),
      herhalingVan: herhalingVan ?? null,
      traceId,
      pseudoniem: pseudonymOf(keys, indexes.persoonIndex),
      inhoud: sealContent(dataKeys.get(plaats.sleuteldag)!, plaats, inhoud)
    }
  })
}

function isYoung({ betrokkene }: AangeleverdSignaal, day: IsoDate, upTo: number): boolean {
  return betrokkene.geboortedatum !== undefined && ageOn(betrokkene.geboortedatum, day) <= upTo
}

import { randomUUIDv7 } from 'node:crypto'
import type { Instellingen } from '../begrippen/tables.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Criteriumuitkomst } from '../beoordeling/beoordelingstekst.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import { pseudonymOf } from '../sporen/log-processing.ts'
import { addDays, addMonths, type IsoDate, todayIn } from '../time.ts'
import type { NieuwSignaal } from '../vroegsignalen/aanname-store.ts'
import { crisisReactiedatum } from '../vroegsignalen/crisis-reactiedatum.ts'
import { isJongere } from '../vroegsignalen/is-jongere.ts'
import {
  type Inhoud,
  sealBeoordeling,
  sealInhoud,
  uitkomstenOf,
  writeInhoud
} from '../vroegsignalen/vroegsignaal-inhoud.ts'
import type { WeighedVroegsignaal } from '../weging/weigh-vroegsignalen.ts'
import type { Inname } from './inname.ts'

/** An admitted signal, ready to be stored: its row, and the content and the outcomes that are sealed in it. */
export type SealedVroegsignaal = {
  readonly row: NieuwSignaal
  readonly inhoud: Inhoud
  readonly uitkomsten: readonly Criteriumuitkomst[]
}

/** Makes the rows of admitted signals; each is sealed under the data key of its day of destruction. */
export async function sealVroegsignalen(
  { keys, now }: Pick<Inname, 'keys' | 'now'>,
  admitted: readonly (WeighedVroegsignaal & { readonly clientId: string; readonly traceId: string })[]
): Promise<SealedVroegsignaal[]> {
  const ontvangstdatum = todayIn(now)
  const days = admitted.map(({ instellingen }) =>
    addMonths(ontvangstdatum, instellingen!.bewaartermijnMaanden)
  )
  const dataKeys = await keys.dataKeysFor(days)
  return mapInTurns(admitted, (one, index): SealedVroegsignaal => {
    const {
      signaalpartnerId,
      clientId,
      signaal,
      indexes,
      adres,
      bevindingen,
      herhalingVan,
      instellingen,
      traceId
    } = one
    const sleuteldag = days[index]!
    const place = { gemeentecode: signaal.gemeentecode!, id: randomUUIDv7() }
    const dataKey = dataKeys.get(sleuteldag)!
    const inhoud = writeInhoud(signaal, adres)
    const uitkomsten = uitkomstenOf(bevindingen)
    const row = {
      ...place,
      ...indexes,
      adresIndex: keys.hash('index-adres', adres.sleutel),
      adresversie: adres.versie,
      adresBekend: adres.bekend ?? null,
      sleuteldag,
      vernietigingsdatum: sleuteldag,
      signaalpartnerId,
      soort: signaal.soort,
      sector: signaal.sector,
      signaaldatum: signaal.signaaldatum,
      ontvangenOp: now,
      ontvangstdatum,
      reactiedatum: reactiedatumOf(signaal, ontvangstdatum, instellingen!),
      geplandeDatum: signaal.geplandeDatum ?? null,
      bedragInCenten: signaal.achterstand.bedragInCenten,
      jongere: isJongere(signaal, ontvangstdatum, instellingen!),
      herhalingVan: herhalingVan ?? null,
      clientId,
      traceId,
      pseudoniem: pseudonymOf(keys, indexes.persoonIndex),
      inhoud: sealInhoud(dataKey, place, inhoud),
      beoordeling: sealBeoordeling(dataKey, place, uitkomsten)
    }
    return { row, inhoud, uitkomsten }
  })
}

// Wgs art. 4: days for a crisis, else the municipality's own term.
function reactiedatumOf(
  { geplandeDatum }: AangeleverdSignaal,
  received: IsoDate,
  { reactietermijnDagen }: Instellingen
): IsoDate {
  return geplandeDatum === undefined
    ? addDays(received, reactietermijnDagen)
    : crisisReactiedatum(received, geplandeDatum)
}

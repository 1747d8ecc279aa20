import { ddasBedragOf, ddasSignaalpartnerVan, ddasStatusOf } from '../../begrippen/ddas.ts'
import type { Eindresultaat } from '../../begrippen/eindresultaat.ts'
import { type AangeleverdSignaal, isCrisis } from '../../begrippen/vroegsignaal.ts'
import type { DdasClient, DdasVroegsignaal } from './ddas-schema.ts'
import type { TeLeverenSignaal } from './ddas-store.ts'

/** A signal as DDAS has it; `resultaat` is that of its case, where that is about it. */
export function toDdasVroegsignaal(
  { id, soort, sector, status, signaaldatum, bedragInCenten }: Omit<TeLeverenSignaal, 'inhoud'>,
  signaal: AangeleverdSignaal,
  resultaat: Eindresultaat | undefined
): DdasVroegsignaal {
  return {
    ID: id,
    crisissignaal: isCrisis(soort),
    warmeOverdracht: signaal.warmeOverdracht ?? false,
    bedrag: ddasBedragOf(bedragInCenten),
    ontstaansdatum: signaal.achterstand.ontstaansdatum,
    signaaldatum,
    status: ddasStatusOf(status, resultaat),
    signaalpartner: { type: ddasSignaalpartnerVan[sector] },
    client: toDdasClient(signaal)
  }
}

// By number alone, or by address: never both.
function toDdasClient({ betrokkene, adres }: AangeleverdSignaal): DdasClient {
  const { burgerservicenummer, geboortedatum } = betrokkene
  if (burgerservicenummer !== undefined) return { burgerservicenummer }
  const { postcode, huisnummer, huisletter = '', huisnummertoevoeging = '' } = adres
  // The standard has no house letter of its own.
  const toevoeging = `${huisletter}${huisnummertoevoeging}`
  return {
    postcode,
    huisnummer: String(huisnummer),
    ...(toevoeging !== '' && { huisnummertoevoeging: toevoeging }),
    ...(geboortedatum !== undefined && { geboortedatum })
  }
}

import type { Contactsoort, Dagdeel } from './contactsoort.ts'
import { type Eindresultaat, eindresultaatlijst, gevolgVan } from './eindresultaat.ts'
import type { Sector, Signaalstatus } from './vroegsignaal.ts'

// The words of DDAS v1.2, the standard in which municipalities tell Statistics Netherlands (CBS) about early signals. The
// results of cases have theirs in `eindresultaat.ts`.

/** Kinds of partners (EnumSignaalpartner). The hub takes signals from five of them. */
export const ddasSignaalpartners = [
  'Belastingdienst',
  'CAK Eigen bijdrage',
  'CAK Zorgverzekeringen',
  'Dienst Toeslagen',
  'DUO',
  'Energie',
  'Huur',
  'Hypotheek',
  'Overige',
  'Water',
  'Zorg'
] as const
export type DdasSignaalpartner = (typeof ddasSignaalpartners)[number]

/** What became of a signal (EnumSignaalstatus). */
export const ddasSignaalstatussen = [
  'Inwoner al bekend bij schuldhulpverlening',
  'Inwoner is overleden',
  'Niet opgepakt: andere reden',
  'Niet opgepakt: herhaalde melding',
  'Niet opgepakt: onterecht signaal',
  'Nog niet opgepakt',
  'Opgepakt',
  'Persoon is geen inwoner (meer) in de gemeente'
] as const
export type DdasSignaalstatus = (typeof ddasSignaalstatussen)[number]

/** The results of cases (EnumEindresultaat). */
export const ddasEindresultaten: readonly string[] = eindresultaatlijst.map(
  (resultaat) => gevolgVan(resultaat).ddas
)

/** Ways of seeking contact (EnumContactsoort), by that of the hub. */
export const ddasContactsoorten = {
  mail: 'Mail',
  brief: 'Brief',
  'sms-whatsapp': 'SMS/Whatsapp',
  telefoon: 'Telefoon',
  huisbezoek: 'Huisbezoek',
  kaartje: 'Kaartje',
  'afspraak-op-locatie': 'Afspraak op locatie',
  administratief: 'Administratief',
  overige: 'Overige',
  onbekend: 'Onbekend'
} as const satisfies Record<Contactsoort, string>

/** Parts of the day (EnumDagdeel), by that of the hub. */
export const ddasDagdelen = {
  ochtend: 'Ochtend',
  middag: 'Middag',
  avond: 'Avond'
} as const satisfies Record<Dagdeel, string>

/** The kind of partner that gives signals of a sector. */
export const ddasSignaalpartnerVan = {
  huur: 'Huur',
  elektriciteit: 'Energie',
  gas: 'Energie',
  warmte: 'Energie',
  drinkwater: 'Water',
  zorgverzekering: 'Zorg'
} as const satisfies Record<Sector, DdasSignaalpartner>

// A withdrawn signal is not delivered.
const perSignaalstatus = {
  ontvangen: 'Nog niet opgepakt',
  opgepakt: 'Opgepakt',
  'niet-opgepakt': 'Niet opgepakt: andere reden',
  ingetrokken: 'Niet opgepakt: andere reden'
} as const satisfies Record<Signaalstatus, DdasSignaalstatus>

/**
 * What became of a signal with this status, given the result of its case where that is about it. The standard names some
 * results among the statuses too, in the same words; such a result says more than the status does.
 */
export function ddasStatusOf(status: Signaalstatus, resultaat: Eindresultaat | undefined): DdasSignaalstatus {
  const named = resultaat && ddasSignaalstatussen.find((one) => one === gevolgVan(resultaat).ddas)
  return named ?? perSignaalstatus[status]
}

const centenPerEuro = 100

/** Whole euros of an amount in cents. The standard names no rule; half a euro is rounded up. */
export function ddasBedragOf(bedragInCenten: number): number {
  return Math.round(bedragInCenten / centenPerEuro)
}

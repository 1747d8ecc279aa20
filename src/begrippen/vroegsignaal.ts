import type { IsoDate } from '../time.ts'

/** The six kinds of fixed costs for which arrears may be signalled (Bgs art. 3). */
export const sectoren = ['huur', 'elektriciteit', 'gas', 'warmte', 'drinkwater', 'zorgverzekering'] as const
export type Sector = (typeof sectoren)[number]

/** An ordinary early signal, or one of the three crisis kinds (Wgs art. 4 lid 2). */
export const signaalsoorten = [
  'vroegsignaal',
  'afsluitsignaal',
  'ontruimingssignaal',
  'royementssignaal'
] as const
export type Signaalsoort = (typeof signaalsoorten)[number]

export const betrokkenesoorten = ['natuurlijk-persoon', 'rechtspersoon'] as const
/** Channels of the partner's attempts at personal contact. */
export const contactkanalen = ['telefoon', 'huisbezoek', 'e-mail', 'sms', 'brief', 'gesprek'] as const
/** The resident's reaction to the offer to share data with the municipality (Bgs art. 2, onder d). */
export const reacties = ['geen', 'akkoord', 'bezwaar'] as const
/** Whether there is a payment plan, and whether the resident keeps to it. */
export const betalingsregelingen = ['geen', 'geweigerd', 'niet-nagekomen', 'wordt-nagekomen'] as const
/** The status of a signal; `ontvangen` waits to be taken up. */
export const signaalstatussen = ['ontvangen', 'opgepakt', 'niet-opgepakt', 'ingetrokken'] as const
export type Signaalstatus = (typeof signaalstatussen)[number]

/** The person with the arrears. */
export type Betrokkene = {
  soort: (typeof betrokkenesoorten)[number]
  naam: { voorletters?: string; voorvoegsel?: string; geslachtsnaam: string }
  geboortedatum?: IsoDate
  burgerservicenummer?: string
  telefoonnummer?: string
  emailadres?: string
}

export type Adres = {
  straat?: string
  huisnummer: number
  huisletter?: string
  huisnummertoevoeging?: string
  postcode: string
  woonplaats: string
  nummeraanduidingIdentificatie?: string
}

/** The partner's efforts before it signalled. A missing one fails its criterion, not the schema. */
export type SocialeIncasso = {
  persoonlijkContact?: { datum: IsoDate; kanaal: (typeof contactkanalen)[number] }[]
  herinneringen?: IsoDate[]
  gewezenOpSchuldhulpverlening?: IsoDate
  aanbodGegevensdeling?: IsoDate
  reactie?: (typeof reacties)[number]
}

/** A signal as a partner hands it in, normalised: postcode `1234AB`, letters upper case, text NFC and trimmed. */
export type AangeleverdSignaal = {
  referentie: string
  soort: Signaalsoort
  sector: Sector
  signaaldatum: IsoDate
  gemeentecode?: string
  klantnummer?: string
  betrokkene: Betrokkene
  adres: Adres
  achterstand: { bedragInCenten: number; ontstaansdatum: IsoDate; aantalTermijnen?: number }
  socialeIncasso: SocialeIncasso
  betalingsregeling: (typeof betalingsregelingen)[number]
  geplandeDatum?: IsoDate
  warmeOverdracht?: boolean
}

/** True for the three kinds that announce the loss of a home, its supply or an insurance. */
export function isCrisis(soort: Signaalsoort): boolean {
  return soort !== 'vroegsignaal'
}

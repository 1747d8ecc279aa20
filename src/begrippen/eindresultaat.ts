import type { Terugkoppelcode } from './terugkoppelcode.ts'
import type { Vernietigingsgrond } from './vernietigingsgrond.ts'
import type { Signaalstatus } from './vroegsignaal.ts'

type Gevolg = {
  /** The value of DDAS v1.2, EnumEindresultaat. */
  readonly ddas: string
  /** The code that the partner hears. */
  readonly terugkoppeling: Terugkoppelcode
  /** The status that the signals get. */
  readonly status: Extract<Signaalstatus, 'opgepakt' | 'niet-opgepakt'>
  /** When the signals are destroyed: on their own day, after `geenHulpVernietigenNaDagen`, or at once. */
  readonly vernietiging: Extract<Vernietigingsgrond, 'bewaartermijn' | 'geen-hulp' | 'onterecht-signaal'>
  /** A fact about one person, which partners of the others on the address may not hear. */
  readonly isPersoonsfeit?: true
  /** Somebody accepted help, so somebody was reached. */
  readonly isNaContact?: true
}

/** Every result of a case, with all its consequences. */
export const eindresultaten = {
  budgetadvies: {
    ddas: '(Budget)advies en/of quick fix',
    terugkoppeling: 'hulp-aanvaard',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true,
    isNaContact: true
  },
  'geen-contact': {
    ddas: 'Definitief geen contact kunnen krijgen',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn'
  },
  'geen-reactie-na-contact': {
    ddas: 'Geen reactie na eerder contact',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn'
  },
  'bekend-bij-schuldhulpverlening': {
    ddas: 'Inwoner al bekend bij schuldhulpverlening',
    terugkoppeling: 'schuldhulpverlening-loopt',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true
  },
  'ander-lopend-traject': {
    ddas: 'Inwoner heeft al een ander lopend traject',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn'
  },
  'zelf-betaald': {
    ddas: 'Inwoner heeft zelf al betaald/betalingsregeling getroffen',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn'
  },
  overleden: {
    ddas: 'Inwoner is overleden',
    terugkoppeling: 'overleden',
    status: 'niet-opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true
  },
  'geen-hulp-gewenst': {
    ddas: 'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'geen-hulp'
  },
  'andere-reden': {
    ddas: 'Niet opgepakt: andere reden',
    terugkoppeling: 'niet-opgepakt',
    status: 'niet-opgepakt',
    vernietiging: 'bewaartermijn'
  },
  'herhaalde-melding': {
    ddas: 'Niet opgepakt: herhaalde melding',
    terugkoppeling: 'herhaalde-melding',
    status: 'niet-opgepakt',
    vernietiging: 'bewaartermijn'
  },
  'onterecht-signaal': {
    ddas: 'Niet opgepakt: onterecht signaal',
    terugkoppeling: 'onterecht-signaal',
    status: 'niet-opgepakt',
    vernietiging: 'onterecht-signaal'
  },
  'geen-inwoner': {
    ddas: 'Persoon is geen inwoner (meer) in de gemeente',
    terugkoppeling: 'geen-inwoner',
    status: 'niet-opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true
  },
  vervolghulp: {
    ddas: 'Vervolghulp en/of verwijzing',
    terugkoppeling: 'hulp-aanvaard',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true,
    isNaContact: true
  },
  'vervolghulp-financieel': {
    ddas: 'Vervolghulp en/of verwijzing financieel',
    terugkoppeling: 'hulp-aanvaard',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true,
    isNaContact: true
  },
  'vervolghulp-niet-financieel': {
    ddas: 'Vervolghulp en/of verwijzing niet financieel',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn',
    isPersoonsfeit: true,
    isNaContact: true
  },
  'verwijzing-zonder-inwoner': {
    ddas: 'Verwijzing zonder tussenkomst inwoner',
    terugkoppeling: 'afgerond',
    status: 'opgepakt',
    vernietiging: 'bewaartermijn'
  }
} as const satisfies Record<string, Gevolg>
export type Eindresultaat = keyof typeof eindresultaten

export const eindresultaatlijst = Object.keys(eindresultaten) as Eindresultaat[]

/** The results with which somebody accepted help. */
export const aanvaardeHulp = eindresultaatlijst.filter((resultaat) => gevolgVan(resultaat).isNaContact)

/** The consequences of a result. */
export function gevolgVan(resultaat: Eindresultaat): Gevolg {
  return eindresultaten[resultaat]
}

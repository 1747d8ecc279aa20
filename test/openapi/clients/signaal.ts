/** A signal that is taken in on 25 November 2026, without types of its own: each client gives it its own. */
export const signaal = {
  referentie: 'HUUR-1',
  soort: 'vroegsignaal' as const,
  sector: 'huur' as const,
  signaaldatum: '2026-11-24',
  gemeentecode: '0177',
  betrokkene: {
    soort: 'natuurlijk-persoon' as const,
    naam: { voorletters: 'A.', geslachtsnaam: 'Voorbeeld' }
  },
  adres: { straat: 'Voorbeeldstraat', huisnummer: 10, postcode: '8101AA', woonplaats: 'Raalte' },
  achterstand: { bedragInCenten: 84_500, ontstaansdatum: '2026-09-10', aantalTermijnen: 2 },
  socialeIncasso: {
    persoonlijkContact: [{ datum: '2026-10-25', kanaal: 'telefoon' as const }],
    herinneringen: ['2026-10-15'],
    gewezenOpSchuldhulpverlening: '2026-10-15',
    aanbodGegevensdeling: '2026-10-15',
    reactie: 'geen' as const
  },
  betalingsregeling: 'geen' as const
}

/** Who walks: the address of the API, and the tokens of a partner and of the municipality. */
export type Parties = { readonly baseUrl: string; readonly partner: string; readonly gemeente: string }

/** What a client saw on its way, for the test to judge. */
export type Seen = {
  readonly weigering: readonly (string | undefined)[]
  readonly huishoudens: number
  readonly bedrag: number | undefined
  readonly resultaat: string | undefined
  readonly terugkoppelingen: readonly string[]
  readonly deltas: readonly (number | undefined)[]
}

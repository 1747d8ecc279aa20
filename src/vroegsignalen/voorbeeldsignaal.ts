import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'

/**
 * The example signal of the OpenAPI document. It meets the criteria on its signaaldatum, which is the latest day in it.
 * The docs page moves its days to the present, so a partner with an agreement in gemeente 0177 can send it as it is.
 */
export const voorbeeldsignaal: AangeleverdSignaal = {
  referentie: 'VOORBEELD-2026-11-25',
  soort: 'vroegsignaal',
  sector: 'huur',
  signaaldatum: '2026-11-25',
  gemeentecode: '0177',
  betrokkene: {
    soort: 'natuurlijk-persoon',
    naam: { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Voorbeeld' },
    telefoonnummer: '+31600000000',
    emailadres: 'a.voorbeeld@example.nl'
  },
  adres: { straat: 'Voorbeeldstraat', huisnummer: 10, postcode: '8101AA', woonplaats: 'Raalte' },
  achterstand: { bedragInCenten: 84_500, ontstaansdatum: '2026-09-01', aantalTermijnen: 2 },
  socialeIncasso: {
    persoonlijkContact: [{ datum: '2026-10-10', kanaal: 'telefoon' }],
    herinneringen: ['2026-09-20', '2026-10-05'],
    gewezenOpSchuldhulpverlening: '2026-10-05',
    aanbodGegevensdeling: '2026-10-05',
    reactie: 'geen'
  },
  betalingsregeling: 'geen'
}

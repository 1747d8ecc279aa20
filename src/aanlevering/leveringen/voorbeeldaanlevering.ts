import { voorbeeldsignaal } from '../../vroegsignalen/voorbeeldsignaal.ts'
import type { CsvColumn } from './csv-columns.ts'

const voorbeeldregel: Partial<Record<CsvColumn, string>> = {
  referentie: 'VOORBEELD-2026-11-25',
  soort: 'vroegsignaal',
  sector: 'huur',
  signaaldatum: '2026-11-25',
  gemeentecode: '0177',
  'betrokkene.soort': 'natuurlijk-persoon',
  'betrokkene.naam.voorletters': 'A.',
  'betrokkene.naam.voorvoegsel': 'van',
  'betrokkene.naam.geslachtsnaam': 'Voorbeeld',
  'betrokkene.telefoonnummer': '+31600000000',
  'betrokkene.emailadres': 'a.voorbeeld@example.nl',
  'adres.straat': 'Voorbeeldstraat',
  'adres.huisnummer': '10',
  'adres.postcode': '8101AA',
  'adres.woonplaats': 'Raalte',
  'achterstand.bedrag': '845,00',
  'achterstand.ontstaansdatum': '2026-09-01',
  'achterstand.aantalTermijnen': '2',
  'socialeIncasso.persoonlijkContact.datum': '2026-10-10',
  'socialeIncasso.persoonlijkContact.kanaal': 'telefoon',
  'socialeIncasso.herinneringen': '2026-09-20|2026-10-05',
  'socialeIncasso.gewezenOpSchuldhulpverlening': '2026-10-05',
  'socialeIncasso.aanbodGegevensdeling': '2026-10-05',
  'socialeIncasso.reactie': 'geen',
  betalingsregeling: 'geen'
}

/** The example signal of the OpenAPI document as a delivery of one, per media type. */
export const voorbeeldaanlevering = {
  'application/x-ndjson': `${JSON.stringify(voorbeeldsignaal)}\n`,
  'text/csv': `${Object.keys(voorbeeldregel).join(';')}\n${Object.values(voorbeeldregel).join(';')}\n`,
  'application/json': { vroegsignalen: [voorbeeldsignaal] }
}

/**
 * Every problem that a caller can get: status, title and what to do about it, by slug. In Dutch, because people read
 * it.
 */
export const catalogue = {
  'ongeldige-invoer': {
    status: 400,
    titel: 'Het verzoek is ongeldig',
    uitleg:
      'Een of meer velden, parameters of headers voldoen niet aan het OpenAPI-document. `errors` noemt ze allemaal, elk met plaats en regel. Er is niets opgeslagen. Verbeter alle genoemde punten en stuur het verzoek opnieuw.'
  },
  'niet-ingelogd': {
    status: 401,
    titel: 'Het token ontbreekt of is niet geldig',
    uitleg:
      'Vraag een nieuw token aan op `/oauth/token` en stuur het mee als `Authorization: Bearer …`. Controleer ook de klok van uw systeem: een token is hoogstens 15 minuten geldig.'
  },
  'geen-toegang': {
    status: 403,
    titel: 'Deze client mag dit niet',
    uitleg:
      'De rol of de scopes van uw client staan deze bewerking niet toe. Vraag het token aan met de juiste scope, of vraag de beheerder de client uit te breiden.'
  },
  'geen-overeenkomst': {
    status: 403,
    titel: 'Er is geen overeenkomst die dit toestaat',
    uitleg:
      'Voor deze combinatie van signaalpartner, gemeente en sector geldt op de signaaldatum en vandaag geen door beide partijen ondertekende overeenkomst. Laat de overeenkomst eerst ondertekenen; het signaal is niet opgeslagen.'
  },
  'niet-gevonden': {
    status: 404,
    titel: 'Niet gevonden',
    uitleg:
      'Dit pad bestaat niet, of de bron bestaat niet (meer) voor uw organisatie. Paden eindigen nooit op een schuine streep.'
  },
  'methode-niet-toegestaan': {
    status: 405,
    titel: 'Deze methode bestaat hier niet',
    uitleg: 'De header `Allow` noemt de methoden die dit pad wel kent.'
  },
  'niet-leverbaar': {
    status: 406,
    titel: 'Het gevraagde mediatype is niet leverbaar',
    uitleg: 'Vraag met `Accept` om `application/json`, of laat de header weg.'
  },
  'verzoek-loopt-nog': {
    status: 409,
    titel: 'Hetzelfde verzoek wordt nog uitgevoerd',
    uitleg:
      'Een eerder verzoek met dezelfde Idempotency-Key is nog niet klaar. Wacht het aantal seconden van `Retry-After` en stuur het opnieuw.'
  },
  'referentie-bestaat': {
    status: 409,
    titel: 'Deze referentie is al gebruikt voor een ander signaal',
    uitleg:
      'Elke referentie hoort bij één signaal. Gebruik voor een nieuw signaal een nieuwe referentie. Hetzelfde signaal nog eens sturen mag en geeft 200, tot het is ingetrokken of afgerond; van een afgerond signaal blijft de referentie bezet.'
  },
  'toestand-staat-dit-niet-toe': {
    status: 409,
    titel: 'De huidige toestand staat dit niet toe',
    uitleg: 'Haal de bron opnieuw op; `detail` zegt welke toestand de bewerking in de weg staat.'
  },
  'aanlevering-loopt-al': {
    status: 409,
    titel: 'Er loopt al een aanlevering van deze partner',
    uitleg: 'Wacht tot de lopende aanlevering klaar is en stuur deze dan opnieuw.'
  },
  'positie-onbekend': {
    status: 410,
    titel: 'Deze positie is niet (meer) bekend',
    uitleg:
      'Begin opnieuw: verwijder uw kopie en vraag de wijzigingen op zonder `after`; dat geeft alles wat leeft.'
  },
  'verouderde-versie': {
    status: 412,
    titel: 'De bron is intussen gewijzigd',
    uitleg: 'Haal de bron opnieuw op en stuur de nieuwe `ETag` mee in `If-Match`.'
  },
  'te-groot': {
    status: 413,
    titel: 'Het verzoek is te groot',
    uitleg: 'Een enkel verzoek mag hoogstens 64 KiB groot zijn.'
  },
  'mediatype-niet-ondersteund': {
    status: 415,
    titel: 'Dit mediatype wordt hier niet aangenomen',
    uitleg:
      'Het OpenAPI-document noemt per pad de mediatypen: meestal `application/json` in UTF-8 zonder Content-Encoding, bij PATCH ook `application/merge-patch+json`, bij een aanlevering `application/x-ndjson`, `text/csv` of `application/json`, desgewenst met `Content-Encoding: gzip`.'
  },
  'signaal-niet-toelaatbaar': {
    status: 422,
    titel: 'Het signaal voldoet niet aan de criteria',
    uitleg:
      '`errors` noemt elk criterium waaraan het signaal niet voldoet, met het veld en de grondslag. Van het signaal is alleen een telling bewaard. `GET /v1/criteria` geeft alle criteria.'
  },
  'betrokkene-onduidelijk': {
    status: 422,
    titel: 'Niet duidelijk is wie het betreft',
    uitleg:
      'Op het adres past dit op meer dan één persoon, of er is niemand bereikt van wie u het zegt. `errors` noemt wat ontbreekt: zeg wie het betreft, of leg eerst vast dat iemand is bereikt. Er is niets opgeslagen.'
  },
  'idempotentie-conflict': {
    status: 422,
    titel: 'Deze Idempotency-Key hoort bij een ander verzoek',
    uitleg: 'Gebruik voor elk nieuw verzoek een nieuwe sleutel; alleen een herhaling krijgt dezelfde.'
  },
  'versie-vereist': {
    status: 428,
    titel: 'De header If-Match ontbreekt',
    uitleg: 'Haal de bron op en stuur haar `ETag` mee in `If-Match`.'
  },
  'te-veel-verzoeken': {
    status: 429,
    titel: 'Te veel verzoeken',
    uitleg: 'Wacht het aantal seconden van `Retry-After`; `RateLimit` zegt hoeveel er nog kan.'
  },
  'interne-fout': {
    status: 500,
    titel: 'Er ging iets mis in de hub',
    uitleg:
      'Uw verzoek is niet uitgevoerd. Meld het met de waarde van `instance`; daarmee is het terug te vinden.'
  },
  'tijdelijk-niet-beschikbaar': {
    status: 503,
    titel: 'De hub is even niet beschikbaar',
    uitleg: 'Wacht het aantal seconden van `Retry-After` en stuur het verzoek ongewijzigd opnieuw.'
  }
} as const

export type Slug = keyof typeof catalogue

import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

// The exchange model of DDAS vroegsignalering v1.2, written out of its facts: which keys there are, which must be there and
// which values they take. Everything is closed.

type Members = Record<string, object>

const text = { type: 'string' }
const yesOrNo = { type: 'boolean' }
const wholeNumber = { type: 'integer' }
const day = { type: 'string', format: 'date' }
const oneOf = (values: readonly string[]) => ({ enum: values })
const listOf = (items: object, more: object = {}) => ({ type: 'array', items, ...more })
const someOf = (items: object) => listOf(items, { minItems: 1, uniqueItems: true })
const closed = (required: Members, optional: Members = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false
})

/** Every value of every code list. */
export const codelijsten = {
  signaalpartner: [
    'Energie',
    'Huur',
    'Water',
    'Zorg',
    'Hypotheek',
    'Overige',
    'DUO',
    'Belastingdienst',
    'Dienst Toeslagen',
    'CAK Eigen bijdrage',
    'CAK Zorgverzekeringen'
  ],
  signaalstatus: [
    'Nog niet opgepakt',
    'Opgepakt',
    'Inwoner al bekend bij schuldhulpverlening',
    'Inwoner is overleden',
    'Niet opgepakt: andere reden',
    'Niet opgepakt: herhaalde melding',
    'Niet opgepakt: onterecht signaal',
    'Persoon is geen inwoner (meer) in de gemeente'
  ],
  eindresultaat: [
    '(Budget)advies en/of quick fix',
    'Definitief geen contact kunnen krijgen',
    'Geen reactie na eerder contact',
    'Inwoner al bekend bij schuldhulpverlening',
    'Inwoner heeft al een ander lopend traject',
    'Inwoner heeft zelf al betaald/betalingsregeling getroffen',
    'Inwoner is overleden',
    'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering',
    'Niet opgepakt: andere reden',
    'Niet opgepakt: herhaalde melding',
    'Niet opgepakt: onterecht signaal',
    'Persoon is geen inwoner (meer) in de gemeente',
    'Vervolghulp en/of verwijzing',
    'Vervolghulp en/of verwijzing financieel',
    'Vervolghulp en/of verwijzing niet financieel',
    'Verwijzing zonder tussenkomst inwoner'
  ],
  contactsoort: [
    'Telefoon',
    'Huisbezoek',
    'Afspraak op locatie',
    'Brief',
    'Kaartje',
    'Mail',
    'SMS/Whatsapp',
    'Administratief',
    'Overige',
    'Onbekend'
  ],
  dagdeel: ['Ochtend', 'Middag', 'Avond'],
  geslacht: ['Man', 'Vrouw', 'Onbekend', 'Leeg']
} as const

const client = {
  oneOf: [
    closed({ burgerservicenummer: { type: 'string', minLength: 9, maxLength: 9 } }),
    closed(
      { postcode: text, huisnummer: text },
      { huisnummertoevoeging: text, geboortedatum: day, geslachtsaanduiding: oneOf(codelijsten.geslacht) }
    )
  ]
}

const vroegsignaal = closed(
  { ID: text, client, signaalpartner: closed({}, { type: oneOf(codelijsten.signaalpartner) }) },
  {
    crisissignaal: yesOrNo,
    warmeOverdracht: yesOrNo,
    bedrag: wholeNumber,
    ontstaansdatum: day,
    signaaldatum: day,
    status: oneOf(codelijsten.signaalstatus)
  }
)

const contactpoging = closed(
  {},
  {
    soort: oneOf(codelijsten.contactsoort),
    bereikt: yesOrNo,
    datum: day,
    dagdeel: oneOf(codelijsten.dagdeel)
  }
)

const vroegsignaalzaak = closed(
  {},
  {
    resultaat: oneOf(codelijsten.eindresultaat),
    matchingsdatum: day,
    startdatumMatchingperiode: day,
    einddatumMatchingperiode: day,
    datumOpgepakt: day,
    vroegsignalen: someOf(closed({ ID: text })),
    contactpogingen: listOf(contactpoging)
  }
)

const contactpersoon = closed(
  {},
  { naam: text, telefoonnummer: text, functietitel: text, email: { type: 'string', format: 'email' } }
)

const levering = closed(
  {
    teller: wholeNumber,
    gemeentecode: text,
    aanleverendeOrganisatie: closed(
      {},
      { naam: text, 'kvk-nummer': text, contactpersonen: someOf(contactpersoon) }
    )
  },
  { vroegsignalen: listOf(vroegsignaal), vroegsignaalzaken: listOf(vroegsignaalzaak) }
)

const uitwisselmodel = closed(
  {
    startdatumLevering: day,
    einddatumLevering: day,
    aanleverdatumEnTijd: { type: 'string', format: 'date-time' },
    codeGegevensleverancier: text
  },
  { leveringen: someOf(levering) }
)

const atLeast = (minimum: number) => ({ type: 'integer', minimum })

/** The answer as CBS expects it: all four members of the paging, or none. */
const antwoord = closed(
  { gegevens: uitwisselmodel },
  {
    paginering: closed({
      pageSize: atLeast(1),
      currentPage: atLeast(1),
      totalPages: atLeast(1),
      totalRecords: atLeast(0)
    })
  }
)

const ajv = new Ajv2020.default({ strict: true, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(antwoord)

/** What an answer gets wrong according to the standard; empty when it conforms. */
export function ddasFaults(answer: unknown): string[] {
  validate(answer)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

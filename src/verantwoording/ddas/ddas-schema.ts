import Type, { type Static } from 'typebox'
import {
  ddasContactsoorten,
  ddasDagdelen,
  ddasEindresultaten,
  ddasSignaalpartners,
  ddasSignaalstatussen
} from '../../begrippen/ddas.ts'
import {
  CleanText,
  Day,
  Flag,
  Formed,
  Gemeentecode,
  Group,
  Instant,
  List,
  NamedObject,
  OneOf,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'

/** The most signals on one page, as the standard has it. */
export const maxPageSize = 50_000
const maxRecords = 10_000_000

const pageSize = Whole(1, maxPageSize, {
  description: `Hoogste aantal vroegsignalen in het antwoord; standaard en hoogstens ${maxPageSize}.`,
  examples: [maxPageSize]
})
const page = Whole(1, maxRecords, {
  description: 'De bladzijde, vanaf 1; standaard de eerste. Een bladzijde die niet bestaat is leeg.',
  examples: [1]
})

export const DdasVraag = NamedObject(
  'DdasVraag',
  {
    aanleverperiodeStartdatum: Type.Optional(
      Day({
        description:
          'Eerste dag waarop de signalen zijn ontvangen; standaard zes maanden voor de laatste, en ouder is er niets.',
        examples: ['2026-11-01']
      })
    ),
    aanleverperiodeEinddatum: Type.Optional(
      Day({
        description: 'Laatste dag waarop de signalen zijn ontvangen; standaard vandaag.',
        examples: ['2026-11-30']
      })
    ),
    aanleverendeOrganisatie: Type.Optional(
      CleanText(200, {
        description:
          'Naam van de gemeente, zoals in de levering, met of zonder ‘Gemeente’ ervoor; standaard elke gemeente waarvoor u werkt.',
        examples: ['Raalte']
      })
    ),
    page: Type.Optional(page),
    pageSize: Type.Optional(pageSize)
  },
  'Waarover de levering gaat. Alles mag worden weggelaten; een leeg veld geldt als weggelaten.'
)
export type DdasVraag = Static<typeof DdasVraag>

const signaalId = Uuid({ description: 'Kenmerk van het signaal, hetzelfde in elke levering.' })
const euro = { minimum: 0, maximum: 1_000_000 }

// By number alone, or by address.
const Client = Type.Union(
  [
    Group(
      {
        burgerservicenummer: Formed('^[0-9]{9}$', 9, {
          description: 'Burgerservicenummer, waar de hub dat heeft: bij zorgverzekeringen.',
          examples: ['999990019']
        })
      },
      'De inwoner, op burgerservicenummer; dan staat er verder niets.'
    ),
    Group(
      {
        postcode: Formed('^[1-9][0-9]{3}[A-Z]{2}$', 6, { description: 'Postcode.', examples: ['8101AA'] }),
        huisnummer: Formed('^[1-9][0-9]{0,4}$', 5, { description: 'Huisnummer.', examples: ['10'] }),
        huisnummertoevoeging: Type.Optional(
          Formed('^[a-zA-Z0-9 /-]{1,7}$', 7, {
            description: 'Huisletter en toevoeging achter elkaar.',
            examples: ['A2']
          })
        ),
        geboortedatum: Type.Optional(
          Day({ description: 'Geboortedatum, waar de partner die gaf.', examples: ['1985-06-15'] })
        )
      },
      'De inwoner, op adres. Het geslacht kent de hub niet.'
    )
  ],
  { description: 'De inwoner: op burgerservicenummer of op adres, nooit op beide.' }
)
export type DdasClient = Static<typeof Client>

const Vroegsignaal = Group(
  {
    ID: signaalId,
    crisissignaal: Flag({ description: 'Of verlies van huis, energie, water of verzekering dreigt.' }),
    warmeOverdracht: Flag({ description: 'Of de partner de inwoner al sprak en om overname vraagt.' }),
    bedrag: Type.Integer({
      ...euro,
      description: 'De achterstand in hele euro’s, afgerond; een halve euro naar boven.',
      examples: [845]
    }),
    ontstaansdatum: Day({ description: 'Dag waarop de achterstand ontstond.', examples: ['2026-09-01'] }),
    signaaldatum: Day({ description: 'Dag waarop de partner het signaal gaf.' }),
    status: OneOf(ddasSignaalstatussen, {
      description:
        'Wat er van het signaal werd: nog niet opgepakt, opgepakt, of het resultaat van de zaak waar de standaard dat ook als status kent.',
      examples: ['Opgepakt']
    }),
    signaalpartner: Group(
      {
        type: OneOf(ddasSignaalpartners, {
          description:
            'Soort partner. Elektriciteit, gas en warmte zijn samen `Energie`; van de andere soorten neemt de hub geen signalen aan.',
          examples: ['Huur']
        })
      },
      'Van wie het signaal kwam.'
    ),
    client: Client
  },
  'Een vroegsignaal.'
)
export type DdasVroegsignaal = Static<typeof Vroegsignaal>

const Contactpoging = Group(
  {
    soort: OneOf(Object.values(ddasContactsoorten), {
      description: 'Hoe contact is gezocht.',
      examples: ['Telefoon']
    }),
    bereikt: Flag({ description: 'Of er werkelijk contact was.', examples: [true] }),
    datum: Day({ description: 'Dag van de poging.', examples: ['2026-11-27'] }),
    dagdeel: Type.Optional(
      OneOf(Object.values(ddasDagdelen), {
        description: 'Ochtend: vóór 12:00; middag: tot 18:00; avond: vanaf 18:00.',
        examples: ['Middag']
      })
    )
  },
  'Een poging tot contact.'
)
export type DdasContactpoging = Static<typeof Contactpoging>

const Vroegsignaalzaak = Group(
  {
    resultaat: Type.Optional(
      OneOf(ddasEindresultaten, {
        description:
          'Waarmee de zaak eindigde; ontbreekt zolang zij open is, en bij de signalen waarover het resultaat niet gaat.',
        examples: ['Vervolghulp en/of verwijzing financieel']
      })
    ),
    matchingsdatum: Day({
      description: 'Dag waarop het nieuwste signaal van de zaak binnenkwam en met de andere is gematcht.'
    }),
    startdatumMatchingperiode: Day({
      description: 'Eerste dag van de zes maanden vóór de maand van het nieuwste signaal.',
      examples: ['2026-05-01']
    }),
    einddatumMatchingperiode: Day({ description: 'De matchingsdatum: later is er niets gematcht.' }),
    datumOpgepakt: Day({ description: 'Dag waarop de gemeente de zaak oppakte.', examples: ['2026-11-26'] }),
    vroegsignalen: List(Group({ ID: signaalId }, 'Een signaal van de zaak.'), maxPageSize, {
      description:
        'De signalen van de zaak uit deze levering; met bladzijden kunnen zij op een andere staan.',
      minItems: 1,
      uniqueItems: true
    }),
    contactpogingen: List(Contactpoging, 100_000, {
      description: 'De pogingen tot contact, in volgorde van vastleggen.'
    })
  },
  'Een zaak. Gaat haar resultaat over één persoon op het adres, dan staan de signalen over de anderen in een eigen zaak zonder resultaat.'
)
export type DdasVroegsignaalzaak = Static<typeof Vroegsignaalzaak>

const Levering = Group(
  {
    teller: Whole(1, 1_000, {
      description: 'Nummer van de levering, hetzelfde op elke bladzijde.',
      examples: [1]
    }),
    gemeentecode: Gemeentecode(),
    aanleverendeOrganisatie: Group(
      { naam: CleanText(200, { description: 'Naam van de gemeente.', examples: ['Raalte'] }) },
      'De gemeente.'
    ),
    vroegsignalen: List(Vroegsignaal, maxPageSize, { description: 'De signalen.' }),
    vroegsignaalzaken: List(Vroegsignaalzaak, 2 * maxPageSize, {
      description: 'De zaken van deze signalen, elk op de bladzijde van haar eerste signaal.'
    })
  },
  'De gegevens van één gemeente.'
)

const Uitwisselmodel = Type.Object(
  {
    startdatumLevering: Day({
      description: 'Eerste dag van ontvangst in de levering.',
      examples: ['2026-11-01']
    }),
    einddatumLevering: Day({
      description: 'Laatste dag van ontvangst in de levering.',
      examples: ['2026-11-30']
    }),
    aanleverdatumEnTijd: Instant({ description: 'Wanneer de levering is opgemaakt.' }),
    codeGegevensleverancier: CleanText(100, {
      description: 'Naam en versie van deze software.',
      examples: ['signaalhub 1.0.0']
    }),
    leveringen: Type.Optional(
      List(Levering, 1_000, {
        description: 'Per gemeente één levering; ontbreekt op een bladzijde die niet bestaat.',
        minItems: 1,
        uniqueItems: true
      })
    )
  },
  {
    additionalProperties: false,
    title: 'DdasUitwisselmodel',
    description: 'De gegevens, in het uitwisselmodel van DDAS vroegsignalering v1.2.',
    'x-extern-model': 'DDAS vroegsignalering v1.2'
  }
)

export const DdasGegevens = NamedObject(
  'DdasGegevens',
  {
    gegevens: Uitwisselmodel,
    paginering: Type.Optional(
      Group(
        {
          pageSize,
          currentPage: page,
          totalPages: Whole(1, maxRecords, { description: 'Aantal bladzijden.', examples: [1] }),
          totalRecords: Whole(0, maxRecords, {
            description:
              'Aantal vroegsignalen in de hele levering. Verandert het van bladzijde op bladzijde, dan is er intussen iets bijgekomen of vernietigd; begin dan opnieuw.',
            examples: [4210]
          })
        },
        'Waar deze bladzijde staat; alleen als u om een bladzijde vroeg of er meer dan één is.'
      )
    )
  },
  'Een levering, of een bladzijde ervan.'
)

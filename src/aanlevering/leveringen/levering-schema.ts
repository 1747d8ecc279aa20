import Type, { type Static } from 'typebox'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { regeluitkomsten } from '../../begrippen/regeluitkomst.ts'
import { ProblemFault } from '../../platform/http/problem-schema.ts'
import {
  CleanText,
  Collection,
  Formed,
  Group,
  Instant,
  List,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'
import { VroegsignaalInvoer } from '../../vroegsignalen/vroegsignaal-schema.ts'
import { voorbeeldaanlevering } from './voorbeeldaanlevering.ts'

const aantal = (description: string, example: number) =>
  Whole(0, 250_000, { description, examples: [example] })

const aanlevering = {
  id: Uuid({ description: 'Kenmerk van de aanlevering.' }),
  aantalRegels: aantal('Aantal signalen in de aanlevering.', 1200),
  aantalOpgenomen: aantal('Aantal opgenomen signalen.', 1150),
  aantalAfgewezen: aantal('Aantal afgewezen signalen.', 40),
  aantalOngewijzigd: aantal('Aantal signalen dat al met dezelfde inhoud was opgenomen.', 10),
  redenen: List(
    Group(
      {
        code: Formed('^[A-Za-z-]+$', 100, {
          description: 'De regel of het criterium.',
          examples: ['achterstand-termijn']
        }),
        aantal: Whole(1, 25_000_000, { description: 'Hoe vaak het voorkwam.', examples: [12] })
      },
      'Een reden van afwijzing.'
    ),
    200,
    { description: 'Waarom is afgewezen, vaakst eerst.' }
  )
}

export const Aanlevering = NamedObject(
  'Aanlevering',
  aanlevering,
  `Verslag van een aanlevering; ${bewaartermijnen.aanlevering.dagen} dagen bewaard.`
)
export type Aanlevering = Static<typeof Aanlevering>

export const Aanleveringen = Collection(
  'Aanleveringen',
  NamedObject(
    'AanleveringInLijst',
    { ...aanlevering, ontvangenOp: Instant({ description: 'Wanneer de aanlevering is ontvangen.' }) },
    'Een aanlevering met haar tellingen.'
  )
)

export const AanleveringenQuery = Query(pageQuery)

const uitkomst = OneOf(regeluitkomsten, {
  description: 'Wat er met de regel is gebeurd.',
  examples: ['afgewezen']
})

const regel = {
  regel: Whole(1, 100_000_000, {
    description: 'Regelnummer in het bestand, of volgnummer in de lijst.',
    examples: [17]
  }),
  referentie: Type.Optional(
    CleanText(64, { description: 'Uw referentie, als die leesbaar was.', examples: ['HUUR-2026-000123'] })
  ),
  uitkomst,
  errors: List(ProblemFault, 100, { description: 'Alles wat er mis is met de regel.' })
}

const Aanleveringsregel = NamedObject('Aanleveringsregel', {
  ...regel,
  vroegsignaalId: Type.Optional(Uuid({ description: 'Het signaal, bij opgenomen en ongewijzigd.' }))
})

export const Aanleveringsregels = Collection('Aanleveringsregels', Aanleveringsregel)

const { id: _, ...telling } = aanlevering

/** Maximum number of rejected lines in the report of a trial; it is one answer, held in memory. */
export const maxRejectedLines = 5_000

export const Proefaanlevering = NamedObject(
  'Proefaanlevering',
  {
    ...telling,
    regels: List(NamedObject('Proefregel', regel, 'Een regel die zou worden afgewezen.'), maxRejectedLines, {
      description: `De regels die zouden worden afgewezen, op regelnummer; hoogstens de eerste ${maxRejectedLines}.`
    })
  },
  'Wat er met een aanlevering zou gebeuren. Er is niets bewaard.'
)

export const AanleveringPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de aanlevering.' }) })

export const RegelQuery = Query({ ...pageQuery, uitkomst: Type.Optional(uitkomst) })

const signaalregels = (description: string, example: string) =>
  Type.String({ maxLength: 1_000_000_000, description, examples: [example] })

/** The body of a delivery, per media type. */
export const aanleveringBodies = {
  'application/x-ndjson': signaalregels(
    'Een signaal (VroegsignaalInvoer) per regel, als JSON. application/ndjson, application/jsonl en application/jsonlines betekenen hetzelfde.',
    voorbeeldaanlevering['application/x-ndjson']
  ),
  'text/csv': signaalregels(
    'Kopregel en een signaal per regel, zoals een spreadsheet ze schrijft: UTF-8, UTF-16 met een byte order mark, of de tekenset die `charset` noemt (windows-1252, iso-8859-1, iso-8859-15); gescheiden door puntkomma, komma of tab; een eerste regel `sep=;` telt. De kolommen staan in csv-sjabloon, in elke volgorde, met of zonder hoofdletters en spaties; kolommen zonder naam en rijen zonder waarde worden overgeslagen. Dagen als 25-11-2026, 5-9-2026 of 2026-11-25 (met / niet: dat zegt niet wat de maand is), het bedrag in euro als 845,00, ook met €, waar of niet waar als true/false, ja/nee of WAAR/ONWAAR, meer waarden in een cel gescheiden door |. Voorloopnullen die een spreadsheet wegliet in gemeentecode, burgerservicenummer en telefoonnummer komen terug; 12A, 12-2 en 12 bis worden huisnummer met letter of toevoeging; een nummer dat een spreadsheet inkortte (8,71687E+17) wordt geweigerd. Een geboortedatum die deels onbekend is (00-00-1985) telt als onbekend.',
    voorbeeldaanlevering['text/csv']
  ),
  'application/json': {
    ...NamedObject('AanleveringInvoer', {
      vroegsignalen: List(VroegsignaalInvoer, 250_000, { description: 'De signalen.', minItems: 1 })
    }),
    examples: [voorbeeldaanlevering['application/json']]
  }
}

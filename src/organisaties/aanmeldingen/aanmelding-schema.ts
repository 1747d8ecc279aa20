import Type, { type Static } from 'typebox'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { aanmeldingstatussen, besluiten } from '../../begrippen/organisatie.ts'
import {
  CleanText,
  Collection,
  Formed,
  Gemeentecode,
  Group,
  Instant,
  List,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Sectoren,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'

const status = OneOf(aanmeldingstatussen, {
  description: 'Waar de aanmelding staat.',
  examples: ['ontvangen']
})

const gegevens = {
  naam: CleanText(200, {
    description: 'Naam van de organisatie, of van de verhuurder zelf.',
    examples: ['Woningstichting De Linde']
  }),
  kvkNummer: Type.Optional(
    Formed('^[0-9]{8}$', 8, {
      description: 'Nummer bij de Kamer van Koophandel; een particuliere verhuurder heeft er geen.',
      examples: ['90000001']
    })
  ),
  sectoren: Sectoren('De sectoren waarin u signalen wilt geven.'),
  gemeentecodes: List(Gemeentecode(), 400, {
    description: 'De gemeenten waaraan u signalen wilt geven.',
    minItems: 1,
    uniqueItems: true
  }),
  contactpersoon: Group(
    {
      naam: CleanText(200, { description: 'Naam.', examples: ['M. Voorbeeld'] }),
      emailadres: Type.String({
        format: 'idn-email',
        maxLength: 254,
        description: 'E-mailadres.',
        examples: ['m.voorbeeld@example.nl']
      }),
      telefoonnummer: Type.Optional(
        Formed('^[+(]?[0-9][0-9()./ -]{5,23}$', 25, {
          description: 'Telefoonnummer.',
          examples: ['+31600000000']
        })
      )
    },
    'Met wie de beheerder contact opneemt.'
  ),
  geschatAantalSignalenPerMaand: Type.Optional(
    Whole(0, 1_000_000, {
      description: 'Hoeveel signalen u per maand verwacht, ongeveer.',
      examples: [2]
    })
  )
}

const id = Uuid({ description: 'Kenmerk van de aanmelding.' })
const toelichting = Type.Optional(
  CleanText(1000, { description: 'Waarom zo is besloten.', examples: ['Sluit zich aan bij het convenant.'] })
)

export const AanmeldingInvoer = NamedObject('AanmeldingInvoer', gegevens)
export type AanmeldingInvoer = Static<typeof AanmeldingInvoer>

export const AanmeldingOntvangen = NamedObject('AanmeldingOntvangen', { id, status })

export const Aanmelding = NamedObject(
  'Aanmelding',
  {
    id,
    status,
    ...gegevens,
    ontvangenOp: Instant({ description: 'Wanneer de aanmelding is ontvangen.' }),
    besluitOp: Type.Optional(Instant({ description: 'Wanneer is besloten.' })),
    toelichting,
    signaalpartnerId: Type.Optional(Uuid({ description: 'De signaalpartner, na toelating.' })),
    overeenkomstIds: Type.Optional(
      List(Uuid({ description: 'Een overeenkomst.' }), 400, {
        description: 'De overeenkomsten die na toelating ter ondertekening liggen.'
      })
    )
  },
  `Een aanmelding van een signaalpartner; ${bewaartermijnen.aanmelding.voluit} bewaard.`
)
export type Aanmelding = Static<typeof Aanmelding>

export const Aanmeldingen = Collection('Aanmeldingen', Aanmelding)

export const AanmeldingenQuery = Query({ ...pageQuery, status: Type.Optional(status) })

export const AanmeldingPad = Type.Object({ id })

export const BesluitInvoer = NamedObject('BesluitInvoer', {
  besluit: OneOf(besluiten, {
    description:
      'Toelaten maakt de signaalpartner, en een overeenkomst ter ondertekening met elke gevraagde gemeente die meedoet.',
    examples: ['toegelaten']
  }),
  toelichting
})
export type BesluitInvoer = Static<typeof BesluitInvoer>

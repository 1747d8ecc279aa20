import Type, { type Static } from 'typebox'
import { foutsoorten } from '../begrippen/ketenfout.ts'
import { type Verwerkingsactiviteit, verwerkingsactiviteiten } from '../begrippen/verwerkingsactiviteit.ts'
import {
  CleanText,
  Collection,
  Day,
  Flag,
  Formed,
  Gemeentecode,
  Group,
  Instant,
  List,
  Month,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'

/** Where the register tells about an activity. */
export function activiteitUrl(publicUrl: string, id: Verwerkingsactiviteit): string {
  return `${publicUrl}/v1/verwerkingsactiviteiten/${id}`
}

/** An activity of the register. */
export const Activiteit = OneOf(verwerkingsactiviteiten, {
  description: 'De verwerkingsactiviteit.',
  examples: ['huishouden-inzien']
})

/** The address of an activity in the register. */
export const ActiviteitUrl = Type.String({
  format: 'uri',
  maxLength: 500,
  description: 'Waar het register deze activiteit beschrijft.',
  examples: ['https://hub.example/v1/verwerkingsactiviteiten/huishouden-inzien']
})

const text = (description: string, example: string) => CleanText(1000, { description, examples: [example] })

export const Verwerkingsregel = NamedObject(
  'Verwerkingsactiviteit',
  {
    id: Activiteit,
    url: ActiviteitUrl,
    naam: text('Naam van de activiteit.', 'Huishouden inzien'),
    doel: text(
      'Waartoe de gegevens worden verwerkt.',
      'De gemeente leest de signalen op een adres in samenhang.'
    ),
    grondslag: text('Waarop de verwerking berust.', 'AVG art. 6 lid 1, onder c en e'),
    betrokkenen: text('Over wie de gegevens gaan.', 'De inwoner over wie een signaal is gegeven.'),
    gegevens: text('Welke gegevens.', 'Naam, adres en hoogte van de achterstand.'),
    bron: text('Waar zij vandaan komen.', 'De signaalpartner.'),
    ontvangers: text('Wie ze krijgt.', 'De gemeente van het adres.'),
    bewaartermijn: text('Hoelang zij blijven.', 'Hoogstens zes maanden na ontvangst.')
  },
  'Een verwerkingsactiviteit uit het register (AVG art. 30).'
)

export const Verwerkingsactiviteiten = Collection('Verwerkingsactiviteiten', Verwerkingsregel)

export const VerwerkingsactiviteitPad = Type.Object({
  id: Formed('^[a-z-]{1,60}$', 60, {
    description: 'Kenmerk van de activiteit.',
    examples: ['huishouden-inzien']
  })
})

const clientId = CleanText(200, {
  description: 'De client die de gegevens verwerkte; ontbreekt bij wat de hub uit zichzelf doet.',
  examples: ['raalte-zaaksysteem']
})
const objectId = Uuid({ description: 'Het signaal, huishouden of de zaak waar het om ging.' })

export const VerwerkingenQuery = Query({
  ...pageQuery,
  gemeentecode: Type.Optional(Gemeentecode('Alleen verwerkingen in deze gemeente.')),
  van: Type.Optional(Day({ description: 'Eerste dag.', examples: ['2026-11-01'] })),
  totEnMet: Type.Optional(Day({ description: 'Laatste dag.', examples: ['2026-11-30'] })),
  clientId: Type.Optional(clientId),
  activiteit: Type.Optional(Activiteit),
  objectId: Type.Optional(objectId)
})
export type VerwerkingenQuery = Static<typeof VerwerkingenQuery>

export const Verwerking = NamedObject(
  'Verwerking',
  {
    id: Formed('^[0-9a-f-]{36}-[0-9]{1,6}$', 43, {
      description: 'Kenmerk van deze regel.',
      examples: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071-1']
    }),
    tijdstip: Instant({ description: 'Wanneer de gegevens zijn verwerkt.' }),
    gemeentecode: Gemeentecode('De gemeente waar de gegevens bij horen.'),
    traceId: Formed('^[0-9a-f]{32}$', 32, {
      description:
        'De trace van het verzoek (W3C `traceparent`), waarmee het in uw eigen logboek is terug te vinden.',
      examples: ['4bf92f3577b34da6a3ce929d0e0e4736']
    }),
    activiteit: Activiteit,
    verwerkingsactiviteit: ActiviteitUrl,
    betrokkene: Formed('^[0-9a-f]{32}$', 32, {
      description:
        'Pseudoniem van de betrokkene, of van het adres bij een huishouden of zaak: hetzelfde voor dezelfde, en tot niemand te herleiden.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015']
    }),
    objectId,
    clientId: Type.Optional(clientId),
    signaalpartnerId: Type.Optional(Uuid({ description: 'De partner voor wie de client werkte.' })),
    gebruiker: Type.Optional(
      CleanText(64, {
        description:
          'De medewerker, onder het pseudoniem dat uw systeem in de header `Gebruiker` meestuurde.',
        examples: ['mw-7f3a']
      })
    )
  },
  'Een regel van het logboek (Logboek Dataverwerkingen): wie verwerkte wiens gegevens, waarvoor en wanneer.'
)
export type Verwerking = Static<typeof Verwerking>

export const Verwerkingen = Collection('Verwerkingen', Verwerking)

/** Which report is wanted. */
export const VerwerkingsrapportQuery = Query({
  maand: Type.Optional(Month({ description: 'De maand; standaard deze.', examples: ['2026-11'] })),
  gemeentecode: Type.Optional(Gemeentecode('Alleen deze gemeente.'))
})

const count = (description: string, example: number) =>
  Whole(0, 1_000_000_000, { description, examples: [example] })

export const Verwerkingsrapport = NamedObject(
  'Verwerkingsrapport',
  {
    maand: Month({ description: 'De maand.', examples: ['2026-11'] }),
    clients: List(
      Group(
        {
          clientId: Type.Optional(clientId),
          gebruiker: Type.Optional(
            CleanText(64, {
              description:
                'De medewerker, onder het pseudoniem van uw systeem; ontbreekt waar het geen meestuurde.',
              examples: ['mw-7f3a']
            })
          ),
          aantalInzagen: count('Hoe vaak gegevens zijn ingezien.', 412),
          aantalBetrokkenen: count('Van hoeveel inwoners en adressen, elk eenmaal geteld.', 96),
          aantalOpgevolgd: count(
            'Van hoeveel daarvan daarna iets is gedaan: een zaak, een contactpoging, een aanduiding, een betwisting of een verzoek van de inwoner.',
            71
          ),
          aantalBuitenKantoortijd: count('Inzagen voor 07:00, na 19:00 of in het weekend.', 3),
          inzagenPerUur: List(count('Aantal inzagen in dit uur.', 12), 24, {
            description: 'Inzagen per uur van de dag in Nederland, van 0 tot en met 23 uur.',
            minItems: 24
          })
        },
        'Wat een client, of een medewerker daarachter, heeft ingezien.'
      ),
      100_000,
      { description: 'Per client en medewerker.' }
    )
  },
  'Rapport over inzage: wie hoeveel zag, wat ermee is gedaan en op welke uren.'
)
export type Verwerkingsrapport = Static<typeof Verwerkingsrapport>

/** Which seals are wanted. */
export const ZegelcontroleQuery = Query({
  gemeentecode: Type.Optional(Gemeentecode('Alleen het logboek van deze gemeente.'))
})

export const Zegelcontrole = NamedObject(
  'Zegelcontrole',
  {
    volledig: Flag({
      description: 'Of elke verzegelde dag van het logboek is zoals hij was.',
      examples: [true]
    }),
    aantal: Whole(0, 1_000_000_000, {
      description: 'Aantal zegels dat klopt, tot de eerste fout.',
      examples: [365]
    }),
    logboeken: List(
      Group(
        {
          gemeentecode: Gemeentecode('De gemeente van het logboek.'),
          aantal: Whole(0, 1_000_000_000, { description: 'Aantal zegels dat klopt.', examples: [365] }),
          verzegeldTotEnMet: Type.Optional(
            Day({
              description: 'De laatste verzegelde dag; ontbreekt zonder zegel.',
              examples: ['2026-11-24']
            })
          ),
          vernietigdTotEnMet: Type.Optional(
            Day({
              description: 'De laatste dag waarvan de regels zijn vernietigd, na hun bewaartermijn.',
              examples: ['2023-11-24']
            })
          )
        },
        'Het logboek van één gemeente.'
      ),
      1_000,
      { description: 'Per nagelopen gemeente tot waar het logboek is verzegeld.' }
    ),
    eersteFout: Type.Optional(
      Group(
        {
          gemeentecode: Gemeentecode('De gemeente van het logboek.'),
          volgnummer: Whole(1, 1_000_000_000, { description: 'De hoeveelste zegel.', examples: [17] }),
          dag: Type.Optional(
            Day({
              description: 'De dag van de zegel; ontbreekt als zij zelf ontbreekt.',
              examples: ['2026-11-20']
            })
          ),
          fout: OneOf(foutsoorten, {
            description:
              '`ontbreekt`: er is geen zegel met dit nummer; `bewijs-ongeldig`: de handtekening klopt niet; `gegevens-gewijzigd`: de regels van deze dag zijn niet die van de zegel; `verwijzing-klopt-niet`: zij volgt niet op de vorige.'
          })
        },
        'De eerste zegel die niet klopt.'
      )
    )
  },
  'Uitkomst van het nalopen van de zegels van het logboek.'
)
export type Zegelcontrole = Static<typeof Zegelcontrole>

import Type, { type Static } from 'typebox'
import { betwistingsreacties, betwistingsredenlijst } from '../../begrippen/betwistingsreden.ts'
import { contactsoorten, dagdelen } from '../../begrippen/contactsoort.ts'
import { eindresultaatlijst } from '../../begrippen/eindresultaat.ts'
import { adresindicatiebronnen, matchsoorten } from '../../begrippen/huishouden.ts'
import { terugkoppelcodelijst } from '../../begrippen/terugkoppelcode.ts'
import { verwerkingsactiviteiten } from '../../begrippen/verwerkingsactiviteit.ts'
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
  Sectoren,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'
import { Vroegsignaal } from '../../vroegsignalen/vroegsignaal-schema.ts'

const most = 100_000
const ids = (description: string) =>
  List(Uuid({ description: 'Kenmerk van een signaal.' }), most, { description })
const partij = {
  id: Type.Optional(Uuid({ description: 'Kenmerk van de signaalpartner.' })),
  naam: CleanText(200, { description: 'Naam.', examples: ['Woningstichting De Linde'] })
}

const huishouden = Group(
  {
    id: Uuid({
      description: 'Kenmerk van het huishouden.',
      examples: ['3f9c1f6e-7a54-4d0e-9b7e-0d8a3f2b6c11']
    }),
    gemeentecode: Gemeentecode(),
    vroegsignaalIds: ids('De signalen van de inwoner in dit huishouden.'),
    adresindicatie: Type.Optional(
      Group(
        {
          bron: OneOf(adresindicatiebronnen, { description: 'Waaruit blijkt dat.', examples: ['laa'] }),
          datum: Day({ description: 'Sinds wanneer dat bekend is.', examples: ['2026-11-26'] })
        },
        'De gemeente heeft aangeduid dat het adres onjuist kan zijn.'
      )
    ),
    matchsoorten: Type.Optional(
      List(OneOf(matchsoorten, { description: 'Soort match.', examples: ['enkelvoudig'] }), 2, {
        description:
          'Hoe de signalen zijn gecombineerd; alleen als het huishouden over niemand anders gaat, zoals ook wat hierna volgt.'
      })
    ),
    crisis: Type.Optional(Flag({ description: 'Of er een bedreigende situatie is.' })),
    jongere: Type.Optional(Flag({ description: 'Of het een jongere betreft.' })),
    sectoren: Type.Optional(Sectoren('De vaste lasten waarover het gaat.')),
    totaalbedragInCenten: Type.Optional(
      Whole(1, Number.MAX_SAFE_INTEGER, { description: 'Totale achterstand.', examples: [84500] })
    )
  },
  'Een huishouden waarin de inwoner voorkomt. Wat ook over anderen op het adres gaat, staat er niet in.'
)

const contactpoging = Group(
  {
    soort: OneOf(contactsoorten, { description: 'Hoe contact is gezocht.', examples: ['telefoon'] }),
    datum: Day({ description: 'Dag van de poging.', examples: ['2026-11-27'] }),
    dagdeel: Type.Optional(OneOf(dagdelen, { description: 'Dagdeel.', examples: ['middag'] })),
    bereikt: Flag({ description: 'Of er werkelijk contact was met iemand op het adres.', examples: [true] }),
    wenstGeenContact: Type.Optional(
      Flag({
        description: 'De inwoner wil niet benaderd worden; niet als de zaak ook over een ander gaat.',
        examples: [true]
      })
    ),
    toestemmingsdatum: Type.Optional(
      Day({
        description: 'Dag waarop de inwoner instemde; niet als de zaak ook over een ander gaat.',
        examples: ['2026-11-27']
      })
    )
  },
  'Een poging tot contact.'
)

const zaak = Group(
  {
    id: Uuid({ description: 'Kenmerk van de zaak.', examples: ['a1f4c2d8-0b7e-4c55-9d1a-6f2b8e3c7d90'] }),
    gemeentecode: Gemeentecode(),
    vroegsignaalIds: ids('De signalen van de inwoner in deze zaak.'),
    datumOpgepakt: Day({ description: 'Dag waarop de gemeente de zaak oppakte.', examples: ['2026-11-26'] }),
    resultaat: Type.Optional(
      OneOf(eindresultaatlijst, {
        description: 'Waarmee de zaak eindigde; niet als dat alleen een ander betreft.',
        examples: ['geen-contact']
      })
    ),
    resultaatdatum: Type.Optional(Day({ description: 'Dag van het resultaat.', examples: ['2026-12-10'] })),
    contactpogingen: List(contactpoging, most, { description: 'De contactpogingen, oudste eerst.' })
  },
  'Wat de gemeente met signalen van de inwoner deed.'
)

const terugkoppeling = Group(
  {
    vroegsignaalId: Uuid({ description: 'Het signaal waarover het ging.' }),
    signaalpartner: Group(partij, 'Aan wie.'),
    code: OneOf(terugkoppelcodelijst, { description: 'Wat de partner hoorde.', examples: ['opgepakt'] }),
    op: Instant({ description: 'Wanneer.' }),
    incassopauzeTotEnMet: Type.Optional(
      Day({ description: 'Laatste dag waarop de incasso rust.', examples: ['2026-12-25'] })
    )
  },
  'Wat een signaalpartner te horen kreeg.'
)

const betwisting = Group(
  {
    vroegsignaalId: Uuid({ description: 'Het betwiste signaal.' }),
    reden: OneOf(betwistingsredenlijst, { description: 'Waarom.', examples: ['al-betaald'] }),
    toelichting: Type.Optional(
      CleanText(1000, { description: 'Toelichting van de gemeente.', examples: ['Er is betaald.'] })
    ),
    ingediendOp: Instant({ description: 'Wanneer de gemeente het signaal betwistte.' }),
    reactie: Type.Optional(
      OneOf(betwistingsreacties, { description: 'Antwoord van de partner.', examples: ['gehandhaafd'] })
    ),
    toelichtingReactie: Type.Optional(
      CleanText(1000, { description: 'Toelichting van de partner.', examples: ['De betaling kwam later.'] })
    )
  },
  'Een betwisting van een signaal door de gemeente.'
)

const bezwaar = Group(
  {
    id: Uuid({ description: 'Kenmerk van het bezwaar.' }),
    signaalpartnerId: Type.Optional(
      Uuid({ description: 'Tegen signalen van deze partner; ontbreekt bij een bezwaar tegen alle.' })
    ),
    einddatum: Day({ description: 'Tot en met wanneer het geldt.', examples: ['2028-11-25'] })
  },
  'Een geldend bezwaar, te herkennen aan wat in het verzoek is gevraagd.'
)

const inzicht = Group(
  {
    gemeentecode: Gemeentecode(),
    activiteit: OneOf(verwerkingsactiviteiten, {
      description: 'Wat met de gegevens is gedaan.',
      examples: ['huishouden-inzien']
    }),
    door: Group(
      {
        ...partij,
        clientId: Type.Optional(Uuid({ description: 'Het systeem waarmee.' })),
        gebruiker: Type.Optional(
          Formed('^[!-?A-~]{1,64}$', 64, {
            description: 'De medewerker, onder het pseudoniem dat het systeem van de gemeente doorgeeft.',
            examples: ['mw-7f3a91']
          })
        )
      },
      'Wie dat deed.'
    ),
    aantal: Whole(1, 1_000_000_000, { description: 'Hoe vaak op deze dag.', examples: [3] }),
    eersteOp: Instant({ description: 'De eerste keer op deze dag.' }),
    laatsteOp: Instant({ description: 'De laatste keer op deze dag.' })
  },
  'Wie op een dag de gegevens zag of wijzigde.'
)

export const Inzage = NamedObject(
  'Inzage',
  {
    opgesteldOp: Instant({ description: 'Wanneer dit overzicht is gemaakt.' }),
    vroegsignalen: List(Vroegsignaal, most, {
      description:
        'De signalen over de inwoner, oudste eerst, met herkomst, data en de uitkomst van elk criterium. Ook wat in geen lijst staat: ingetrokken maar nog in een zaak.'
    }),
    aantalOnzeker: Whole(0, most, {
      description:
        'Hoeveel signalen op het adres over de inwoner kunnen gaan, maar ook over een ander. Zij worden niet getoond.',
      examples: [0]
    }),
    huishoudens: List(huishouden, most, { description: 'Waar de signalen mee zijn gecombineerd.' }),
    zaken: List(zaak, most, { description: 'De zaken, met de contactpogingen.' }),
    terugkoppelingen: List(terugkoppeling, most, {
      description: 'Wat signaalpartners te horen kregen, oudste eerst.'
    }),
    betwistingen: List(betwisting, most, { description: 'De betwistingen, oudste eerst.' }),
    bezwaren: List(bezwaar, most, { description: 'De geldende bezwaren.' }),
    verwerkingen: List(inzicht, most, {
      description:
        'Wie de gegevens zag of wijzigde, per dag; de ontvangst van een signaal staat bij het signaal. Zolang het logboek dat bewaart, en voor zover nog een signaal over de inwoner wordt gehouden.'
    })
  },
  'Alles wat in de hub over een inwoner wordt gehouden (AVG art. 15).'
)
export type Inzage = Static<typeof Inzage>

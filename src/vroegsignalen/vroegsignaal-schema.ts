import Type, { type Static } from 'typebox'
import {
  betalingsregelingen,
  betrokkenesoorten,
  contactkanalen,
  reacties,
  sectoren,
  signaalsoorten,
  signaalstatussen
} from '../begrippen/vroegsignaal.ts'
import {
  Cents,
  CleanText,
  Collection,
  Day,
  Flag,
  Formed,
  Gemeentecode,
  Group,
  Instant,
  List,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'

const geslachtsnaam = CleanText(200, {
  description: 'Achternaam, zonder voorvoegsel.',
  examples: ['Voorbeeld']
})

const naam = {
  voorletters: Type.Optional(CleanText(40, { description: 'Voorletters.', examples: ['A.'] })),
  voorvoegsel: Type.Optional(
    CleanText(10, { description: 'Voorvoegsel van de achternaam.', examples: ['van'] })
  ),
  geslachtsnaam
}

export const Betrokkene = NamedObject(
  'Betrokkene',
  {
    soort: OneOf(betrokkenesoorten, {
      description:
        'Alleen over natuurlijke personen mag een signaal worden gegeven; de ondernemer met een eenmanszaak en de vennoot van een vof, cv of maatschap zijn dat ook.',
      examples: ['natuurlijk-persoon']
    }),
    naam: Group(naam, 'Naam van de inwoner.'),
    geboortedatum: Type.Optional(
      Day({
        description: 'Geboortedatum; alleen als u die voor dit doel mag verstrekken.',
        examples: ['1985-06-15']
      })
    ),
    burgerservicenummer: Type.Optional(
      Formed('^[0-9]{9}$', 9, {
        description: 'Burgerservicenummer; alleen zorgverzekeraars mogen het meesturen (Zvw art. 86).',
        examples: ['999990019']
      })
    ),
    telefoonnummer: Type.Optional(
      Formed('^\\+?[0-9(][0-9 ()./-]{4,23}$', 25, {
        description: 'Telefoonnummer, met of zonder spaties, haakjes, punten en streepjes.',
        examples: ['+31600000000']
      })
    ),
    emailadres: Type.Optional(
      Type.String({
        format: 'idn-email',
        maxLength: 254,
        description: 'E-mailadres.',
        examples: ['a.voorbeeld@example.nl']
      })
    )
  },
  'De inwoner met de achterstand.'
)

const huisnummer = Whole(1, 99_999, { description: 'Huisnummer.', examples: [10] })
const huisletter = Formed('^[a-zA-Z]$', 1, {
  description: 'Huisletter; als hoofdletter bewaard.',
  examples: ['A']
})
const huisnummertoevoeging = Formed('^[a-zA-Z0-9 /-]{1,6}$', 6, {
  description:
    'Toevoeging bij het huisnummer. Met de huisletter vergeleken als één tekst, zonder hoofdletters, spaties, streepjes en voorloopnullen.',
  examples: ['2']
})
const postcode = Formed('^[1-9][0-9]{3}[ -]?[A-Za-z]{2}$', 7, {
  description: 'Postcode, met of zonder spatie of streepje; bewaard als 1234AB.',
  examples: ['8101AA']
})

const nummeraanduidingIdentificatie = Formed('^[0-9]{16}$', 16, {
  description:
    'BAG-identificatie van de nummeraanduiding. In een antwoord die van het adresregister, waar dat er een geeft.',
  examples: ['0177200000000001']
})

export const Adres = NamedObject(
  'Adres',
  {
    straat: Type.Optional(CleanText(80, { description: 'Straatnaam.', examples: ['Voorbeeldstraat'] })),
    huisnummer,
    huisletter: Type.Optional(huisletter),
    huisnummertoevoeging: Type.Optional(huisnummertoevoeging),
    postcode,
    woonplaats: CleanText(80, { description: 'Woonplaats.', examples: ['Raalte'] }),
    nummeraanduidingIdentificatie: Type.Optional(nummeraanduidingIdentificatie)
  },
  'Het adres waarop de achterstand is ontstaan.'
)

export const AdresBekend = Flag({
  description:
    'Of het adresregister dit adres kent; ontbreekt waar het register niets op de postcode heeft. Een onbekend adres kan wijzen op een fout in de registratie.'
})

export const Zoekadres = NamedObject(
  'Zoekadres',
  {
    postcode,
    huisnummer,
    huisletter: Type.Optional(huisletter),
    huisnummertoevoeging: Type.Optional(huisnummertoevoeging),
    nummeraanduidingIdentificatie: Type.Optional(nummeraanduidingIdentificatie)
  },
  'Het adres waarop wordt gezocht; letter en toevoeging tellen mee.'
)

export const SocialeIncasso = NamedObject(
  'SocialeIncasso',
  {
    persoonlijkContact: Type.Optional(
      List(
        Group(
          {
            datum: Day({ description: 'Dag van de poging.', examples: ['2026-10-10'] }),
            kanaal: OneOf(contactkanalen, { description: 'Hoe contact is gezocht.', examples: ['telefoon'] })
          },
          'Een poging tot persoonlijk contact.'
        ),
        50,
        { description: 'Pogingen om in persoonlijk contact te komen.' }
      )
    ),
    herinneringen: Type.Optional(
      List(Day({ description: 'Dag van de herinnering.', examples: ['2026-09-20'] }), 50, {
        description: 'Dagen waarop een schriftelijke herinnering is gestuurd.'
      })
    ),
    gewezenOpSchuldhulpverlening: Type.Optional(
      Day({ description: 'Dag waarop op schuldhulpverlening is gewezen.', examples: ['2026-10-05'] })
    ),
    aanbodGegevensdeling: Type.Optional(
      Day({
        description: 'Dag van de herinnering waarin is aangeboden de gegevens aan de gemeente te geven.',
        examples: ['2026-10-05']
      })
    ),
    reactie: Type.Optional(
      OneOf(reacties, { description: 'Reactie van de inwoner op het aanbod.', examples: ['geen'] })
    )
  },
  'Wat u deed voordat u het signaal gaf. Wat ontbreekt, is een criterium waaraan niet is voldaan.'
)

const signaal = {
  referentie: CleanText(64, {
    description: 'Uw eigen, unieke kenmerk van dit signaal.',
    examples: ['HUUR-2026-000123']
  }),
  soort: OneOf(signaalsoorten, {
    description: 'Gewoon signaal of een van de drie crisissoorten.',
    examples: ['vroegsignaal']
  }),
  sector: OneOf(sectoren, { description: 'Soort vaste last.', examples: ['huur'] }),
  signaaldatum: Day({ description: 'Dag waarop u het signaal geeft.' }),
  klantnummer: Type.Optional(
    CleanText(64, {
      description: 'Uw klantnummer; bij energie en drinkwater verwacht.',
      examples: ['K-0000123']
    })
  ),
  betrokkene: Betrokkene,
  adres: Adres,
  achterstand: Group(
    {
      bedragInCenten: Cents({ description: 'Hoogte van de achterstand in eurocenten.', examples: [84500] }),
      ontstaansdatum: Day({ description: 'Dag waarop de achterstand ontstond.', examples: ['2026-09-01'] }),
      aantalTermijnen: Type.Optional(
        Whole(1, 1200, { description: 'Aantal onbetaalde termijnen.', examples: [2] })
      )
    },
    'De achterstand.'
  ),
  betalingsregeling: OneOf(betalingsregelingen, {
    description: 'Of er een betalingsregeling is, en of zij wordt nagekomen.',
    examples: ['geen']
  }),
  geplandeDatum: Type.Optional(
    Day({
      description:
        'Geplande dag van afsluiting, ontruiming of royement; verplicht bij een crisissoort, anders niet toegestaan.',
      examples: ['2026-12-20']
    })
  ),
  warmeOverdracht: Type.Optional(
    Flag({ description: 'U hebt al contact en vraagt de gemeente het over te nemen.' })
  )
}

export const VroegsignaalInvoer = NamedObject('VroegsignaalInvoer', {
  ...signaal,
  gemeentecode: Type.Optional(
    Gemeentecode('CBS-code van de gemeente; mag ontbreken waar het adresregister de postcode kent.')
  ),
  socialeIncasso: Type.Optional(SocialeIncasso)
})
/** A signal as it comes in, checked but not normalised. */
export type SignaalInvoer = Static<typeof VroegsignaalInvoer>

const criteriumuitkomst = (uitkomsten: readonly string[]) =>
  Group(
    {
      criterium: Formed('^[a-z-]+$', 60, {
        description: 'Het criterium.',
        examples: ['schriftelijke-herinnering']
      }),
      uitkomst: OneOf(uitkomsten, { description: 'De uitkomst op de signaaldatum.', examples: ['voldaan'] }),
      grondslag: CleanText(500, {
        description: 'Grondslag: wet, regeling, convenant, AP-handreiking of gemeentelijk beleid.',
        examples: ['Bgs art. 2, aanhef en onder c']
      })
    },
    'Uitkomst van één criterium.'
  )

/** The schema of an assessment in which each criterion has one of these outcomes. */
export const beoordelingVan = (uitkomsten: readonly string[], description: string) =>
  Group(
    { criteria: List(criteriumuitkomst(uitkomsten), 100, { description: 'Elk criterium één keer.' }) },
    description
  )

export const Vroegsignaal = NamedObject('Vroegsignaal', {
  id: Uuid({ description: 'Kenmerk van het signaal.' }),
  status: OneOf(signaalstatussen, { description: 'Stand van het signaal.', examples: ['ontvangen'] }),
  signaalpartner: Group(
    {
      id: Uuid({ description: 'Kenmerk van de signaalpartner.' }),
      naam: CleanText(200, {
        description: 'Naam van de signaalpartner.',
        examples: ['Woningstichting De Linde']
      })
    },
    'Wie het signaal gaf.'
  ),
  gemeentecode: Gemeentecode(),
  ...signaal,
  adresBekend: Type.Optional(AdresBekend),
  socialeIncasso: SocialeIncasso,
  ontvangenOp: Instant({ description: 'Wanneer de hub het signaal ontving.' }),
  reactiedatum: Day({
    description:
      'Streefdag: dag waarop het eerste gesprek uiterlijk plaatsvindt. Bij een bedreigende situatie drie werkdagen na ontvangst (Wgs art. 4 lid 2) en nooit na de geplande datum; anders de termijn die de gemeente heeft ingesteld, hoogstens vier weken na ontvangst. Een termijn in dagen die op een zaterdag, zondag of feestdag eindigt, blijft op die dag staan.',
    examples: ['2026-12-23']
  }),
  vernietigingsdatum: Day({
    description: 'Dag waarop de persoonsgegevens worden vernietigd.',
    examples: ['2027-05-25']
  }),
  herhalingVan: Type.Optional(
    Uuid({ description: 'Het eerdere signaal van dezelfde partner, sector en klant binnen zes maanden.' })
  ),
  beoordeling: Type.Optional(
    beoordelingVan(
      ['voldaan', 'waarschuwing', 'niet-van-toepassing'],
      'Bewijs dat het signaal aan de criteria voldeed. Staat in het antwoord op POST, PATCH en GET van één signaal; in lijsten, zoekresultaten, huishoudens en wijzigingen alleen met `expand=beoordeling`.'
    )
  )
})
export type Vroegsignaal = Static<typeof Vroegsignaal>

/** The query parameter that asks for the evidence where it is left out. */
export const expandQuery = {
  expand: Type.Optional(
    OneOf(['beoordeling'], {
      description:
        'Neem in elk signaal de `beoordeling` op. Zonder deze parameter ontbreekt zij, want zij is drie kwart van het antwoord.',
      examples: ['beoordeling']
    })
  )
}

/** The query of a list of signals. */
export const VroegsignalenQuery = Query({ ...pageQuery, ...expandQuery })
export type VroegsignalenQuery = Static<typeof VroegsignalenQuery>

/** Whether the evidence was asked for. */
export function isExpanded(expand: string | undefined): boolean {
  return expand === 'beoordeling'
}

export const Vroegsignalen = Collection('Vroegsignalen', Vroegsignaal)

export const VroegsignaalPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het signaal.' }) })

const persoon = {
  naam: Group(
    naam,
    'Naam waarop wordt gezocht, met of zonder voorvoegsel en accenten; van een dubbele naam is één deel genoeg.'
  ),
  adres: Zoekadres,
  geboortedatum: Type.Optional(
    Day({
      description: 'Maakt onderscheid tussen naamgenoten op één adres, net als de eerste voorletter.',
      examples: ['1985-06-15']
    })
  )
}

/** A search; which combinations are allowed is a rule of the route. */
export const Zoekvraag = NamedObject('Zoekvraag', {
  referentie: Type.Optional(signaal.referentie),
  burgerservicenummer: Type.Optional(
    Formed('^[0-9]{9}$', 9, { description: 'Burgerservicenummer van de inwoner.', examples: ['999990019'] })
  ),
  naam: Type.Optional(persoon.naam),
  adres: Type.Optional(persoon.adres),
  geboortedatum: persoon.geboortedatum
})
export type Zoekvraag = Static<typeof Zoekvraag>

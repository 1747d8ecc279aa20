import Type, { type Static } from 'typebox'
import { adresindicatiebronnen, matchsoorten } from '../begrippen/huishouden.ts'
import { sectoren } from '../begrippen/vroegsignaal.ts'
import {
  Collection,
  Day,
  Flag,
  Gemeentecode,
  Instant,
  List,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'
import {
  Adres,
  AdresBekend,
  expandQuery,
  isExpanded,
  Vroegsignaal
} from '../vroegsignalen/vroegsignaal-schema.ts'

export { expandQuery }

const matchsoort = OneOf(matchsoorten, {
  description:
    'Meervoudig: twee of meer in één kalendermaand. Opeenvolgend: een signaal in de zes maanden vóór de maand van het nieuwste. Enkelvoudig: geen van beide.',
  examples: ['meervoudig']
})
const sector = OneOf(sectoren, { description: 'Soort vaste last.', examples: ['huur'] })

export const Adresindicatie = NamedObject(
  'Adresindicatie',
  {
    bron: OneOf(adresindicatiebronnen, {
      description:
        'Waaruit de twijfel blijkt: Landelijke Aanpak Adreskwaliteit (laa), of onderzoek van de gemeente zelf.',
      examples: ['laa']
    }),
    datum: Day({ description: 'Dag waarop de twijfel is vastgesteld.', examples: ['2026-11-26'] })
  },
  'Aanduiding dat het adres onjuist kan zijn; dat is zelf een teken van schulden.'
)
export type Adresindicatie = Static<typeof Adresindicatie>

export const Huishouden = NamedObject(
  'Huishouden',
  {
    id: Uuid({
      description: 'Kenmerk van het huishouden; blijft gelijk zolang er een signaal op het adres loopt.',
      examples: ['3f9c1f6e-7a54-4d0e-9b7e-0d8a3f2b6c11']
    }),
    gemeentecode: Gemeentecode(),
    adres: Adres,
    adresBekend: Type.Optional(AdresBekend),
    matchsoorten: List(matchsoort, 3, { description: 'Hoe de signalen op dit adres samenhangen.' }),
    crisis: Flag({
      description: 'Of een van de signalen van een crisissoort is, ook als dat is opgepakt of afgehandeld.'
    }),
    jongere: Flag({ description: 'Of een van de signalen een jongere betreft.' }),
    aantalSignalen: Whole(1, 1_000_000, {
      description: 'Aantal lopende signalen op dit adres: niet ingetrokken en nog niet vernietigd.',
      examples: [2]
    }),
    aantalSignaalpartners: Whole(1, 1_000_000, {
      description: 'Aantal verschillende signaalpartners.',
      examples: [2]
    }),
    sectoren: List(sector, sectoren.length, { description: 'De sectoren van de signalen.' }),
    totaalbedragInCenten: Whole(1, 100_000_000_000_000, {
      description: 'Som van de achterstanden in eurocenten; van herhaalde signalen telt alleen het nieuwste.',
      examples: [169000]
    }),
    eersteSignaalOp: Instant({ description: 'Wanneer het oudste lopende signaal is ontvangen.' }),
    laatsteSignaalOp: Instant({ description: 'Wanneer het nieuwste signaal is ontvangen.' }),
    reactiedatum: Day({
      description:
        'Vroegste reactiedatum van de signalen die nog wachten; wacht er geen, dan die van alle signalen. Ligt nooit na `geplandeDatum`.',
      examples: ['2026-12-23']
    }),
    geplandeDatum: Type.Optional(
      Day({
        description:
          'Eerste geplande dag van afsluiting, ontruiming of royement van de crisissignalen die nog wachten; ontbreekt waar er geen wacht.',
        examples: ['2027-01-15']
      })
    ),
    opgepakt: Whole(0, 1_000_000, {
      description:
        'Hoeveel van de signalen zijn opgepakt; wat is afgehandeld als niet-opgepakt telt niet mee.',
      examples: [0]
    }),
    vroegsignaalzaakId: Type.Optional(
      Uuid({
        description: 'De open zaak van dit huishouden; ontbreekt waar er geen is.',
        examples: ['7b0d6a52-9c1e-4f38-8a7d-5e2b1c9f4d60']
      })
    ),
    adresindicatie: Type.Optional(Adresindicatie),
    vroegsignalen: List(Vroegsignaal, 100_000, { description: 'De lopende signalen, nieuwste eerst.' })
  },
  'De lopende signalen op één adres in de gemeente; geen huishouden in de zin van de basisregistratie personen.'
)
export type Huishouden = Static<typeof Huishouden>

export const Huishoudens = Collection('Huishoudens', Huishouden)

export const HuishoudenPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het huishouden.' }) })

export const HuishoudenQuery = Query({
  ...pageQuery,
  ...expandQuery,
  matchsoort: Type.Optional(matchsoort),
  crisis: Type.Optional(Flag({ description: 'Alleen huishoudens met, of zonder, een crisissignaal.' })),
  jongere: Type.Optional(Flag({ description: 'Alleen huishoudens met, of zonder, een jongere.' })),
  sector: Type.Optional(sector),
  minimumbedragInCenten: Type.Optional(
    Whole(1, 100_000_000_000, { description: 'Laagste totaalbedrag in eurocenten.', examples: [50000] })
  ),
  opgepakt: Type.Optional(
    Flag({
      description:
        'true: geen signaal wacht nog; false: ten minste één signaal is nog niet opgepakt of afgehandeld.'
    })
  ),
  telaat: Type.Optional(
    Flag({
      description:
        'true: van ten minste één wachtend signaal is de reactiedatum voorbij; false: van geen enkel (Wgs art. 4).'
    })
  ),
  voorrang: Type.Optional(
    Flag({
      description:
        'true: een crisis, een meervoudige of opeenvolgende match, of een jongere: bij een jongere telt één signaal zo zwaar als een match.'
    })
  ),
  adresindicatie: Type.Optional(
    OneOf(['true', 'false', ...adresindicatiebronnen], {
      description:
        'Alleen huishoudens met (`true`, of de bron) of zonder (`false`) aanduiding bij het adres.',
      examples: ['true']
    })
  ),
  adresBekend: Type.Optional(
    Flag({
      description:
        'Alleen huishoudens op een adres dat het adresregister kent (true), of juist niet kent (false).'
    })
  ),
  gemeentecode: Type.Optional(Gemeentecode('Alleen deze gemeente; voor uitvoerders van meer gemeenten.'))
})

/** What is read of the signals of a household for a request. */
export function signaaldelenOf(expand: string | undefined): 'inhoud' | 'inhoud-en-beoordeling' {
  return isExpanded(expand) ? 'inhoud-en-beoordeling' : 'inhoud'
}

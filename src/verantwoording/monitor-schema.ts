import Type from 'typebox'
import { sectoren } from '../begrippen/vroegsignaal.ts'
import {
  Formed,
  Gemeentecode,
  Group,
  Instant,
  List,
  Month,
  monthsQuery,
  NamedObject,
  OneOf,
  Query
} from '../platform/http/wire-schema.ts'

const Aantal = (description: string) =>
  Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 5,
    maximum: 1_000_000_000,
    description: `${description} Null onder de vijf, en waar een ander aantal anders uit te rekenen is.`,
    examples: [12, null]
  })

const Monitorregel = Group(
  {
    maand: Month({ description: 'De maand waarin de signalen zijn ontvangen.', examples: ['2026-11'] }),
    sector: Type.Optional(
      OneOf(sectoren, {
        description: 'De sector; ontbreekt in de regel over alle sectoren samen.',
        examples: ['huur']
      })
    ),
    signalen: Aantal('Opgenomen signalen; wat is ingetrokken of onterecht bleek telt niet mee.'),
    afwijzingen: List(
      Group(
        {
          criterium: Formed('^[a-z-]+$', 60, {
            description: 'Het criterium.',
            examples: ['schriftelijke-herinnering']
          }),
          aantal: Aantal('Hoe vaak een signaal op dit criterium is afgewezen.')
        },
        'Aantal van één criterium.'
      ),
      100,
      { description: 'Afgewezen signalen per criterium, op de dag van aanleveren.' }
    ),
    huishoudens: Group(
      {
        totaal: Aantal('Adressen waarop in deze maand een signaal is ontvangen.'),
        enkelvoudig: Aantal('Daarvan met één signaal, en geen in de zes maanden ervoor.'),
        meervoudig: Aantal('Daarvan met twee of meer signalen in deze maand.'),
        opeenvolgend: Aantal('Daarvan met een signaal in de zes maanden ervoor.')
      },
      'Huishoudens naar matchsoort, zoals de landelijke monitor ze telt: alle signalen op het adres, ongeacht de instelling `matchTelling`. Meervoudig en opeenvolgend kunnen samengaan.'
    ),
    opgepakt: Aantal('Huishoudens waarvan een signaal is opgepakt.'),
    bereikt: Aantal('Huishoudens waarvan een inwoner is bereikt.'),
    hulpAanvaard: Aantal('Huishoudens waarvan een inwoner hulp aanvaardde: advies of vervolghulp.')
  },
  'De cijfers van één maand en sector. Een huishouden met signalen uit twee sectoren staat in beide, en één keer in de regel over alle sectoren.'
)

export const Monitor = NamedObject(
  'Monitor',
  {
    van: Month({ description: 'Eerste maand.', examples: ['2026-01'] }),
    totEnMet: Month({ description: 'Laatste maand.', examples: ['2026-11'] }),
    gemeentecode: Type.Optional(
      Gemeentecode('De gevraagde gemeente; ontbreekt bij alle gemeenten van de client samen.')
    ),
    opgemaaktOp: Instant({ description: 'Wanneer de cijfers zijn opgemaakt.' }),
    cijfers: List(Monitorregel, 100_000, {
      description:
        'Per maand eerst alle sectoren samen, dan elke sector. Een maand of sector zonder signalen en afwijzingen ontbreekt.'
    })
  },
  'De cijfers van de landelijke monitor; zonder persoonsgegevens, ook over signalen die al zijn vernietigd.'
)

export const MonitorQuery = Query(monthsQuery)

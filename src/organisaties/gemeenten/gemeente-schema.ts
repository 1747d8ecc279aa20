import Type, { type Static, type TSchema } from 'typebox'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { matchtellingen } from '../../begrippen/organisatie.ts'
import { sectoren } from '../../begrippen/vroegsignaal.ts'
import {
  Cents,
  CleanText,
  Collection,
  Day,
  Formed,
  Gemeentecode,
  Group,
  NamedObject,
  OneOf,
  Whole
} from '../../platform/http/wire-schema.ts'

const perSector = <Value extends TSchema>(value: Value) =>
  Object.fromEntries(sectoren.map((sector) => [sector, Type.Optional(value)])) as {
    [sector in (typeof sectoren)[number]]: ReturnType<typeof Type.Optional<Value>>
  }

/** The settings of a municipality that leaves them out. */
export const standaardInstellingen = {
  bewaartermijnMaanden: bewaartermijnen.vroegsignaal.maanden,
  bewaartermijnVerwerkingenJaren: 3,
  drempelbedragenInCenten: {},
  matchTelling: 'signaalpartners',
  geenHulpVernietigenNaDagen: 0,
  jongereTotEnMetLeeftijd: 27,
  reactietermijnDagen: 28
} as const

const instellingen = {
  bewaartermijnMaanden: Whole(1, bewaartermijnen.vroegsignaal.maanden, {
    description: `Na hoeveel maanden de persoonsgegevens van een signaal worden vernietigd; standaard ${standaardInstellingen.bewaartermijnMaanden}.`,
    examples: [standaardInstellingen.bewaartermijnMaanden]
  }),
  bewaartermijnVerwerkingenJaren: Whole(1, bewaartermijnen.verwerking.maanden / 12, {
    description: `Na hoeveel jaar een regel van het verwerkingenlogboek wordt vernietigd (AVG art. 5 lid 2); standaard ${standaardInstellingen.bewaartermijnVerwerkingenJaren}.`,
    examples: [standaardInstellingen.bewaartermijnVerwerkingenJaren]
  }),
  drempelbedragenInCenten: Group(
    perSector(Cents({ description: 'Laagste achterstand in eurocenten die telt.', examples: [10000] })),
    'Drempelbedrag per sector; een sector zonder bedrag heeft geen drempel.'
  ),
  matchTelling: OneOf(matchtellingen, {
    description: 'Wat telt als twee of meer voor een meervoudige match; standaard signaalpartners.',
    examples: ['signaalpartners']
  }),
  geenHulpVernietigenNaDagen: Whole(0, bewaartermijnen.geenHulpGewenst.dagen, {
    description: `Dagen tussen het resultaat geen-hulp-gewenst en de vernietiging; standaard ${standaardInstellingen.geenHulpVernietigenNaDagen}.`,
    examples: [standaardInstellingen.geenHulpVernietigenNaDagen]
  }),
  jongereTotEnMetLeeftijd: Whole(18, 30, {
    description:
      'Tot en met welke leeftijd iemand als jongere wordt gemarkeerd; een wachtende jongere staat in de lijst direct na de crises. Standaard 27.',
    examples: [27]
  }),
  reactietermijnDagen: Whole(7, 28, {
    description:
      'Dagen waarbinnen de gemeente op een gewoon signaal reageert (Wgs art. 4 lid 1); standaard 28.',
    examples: [28]
  })
}

const naam = CleanText(200, { description: 'Naam van de gemeente.', examples: ['Raalte'] })
const oin = Formed('^000000(0[1-9]|1[01]|99)[0-9A-Z]{12}$', 20, {
  description: 'Organisatie-identificatienummer, 20 posities.',
  examples: ['00000099000000000001']
})

const InstellingenGedeeltelijk = Group(
  Type.Partial(Type.Object(instellingen)).properties,
  'Wat de gemeente zelf instelt; wat ontbreekt, krijgt zijn standaardwaarde.'
)

export const GemeenteInvoer = NamedObject('GemeenteInvoer', {
  gemeentecode: Gemeentecode(),
  naam,
  oin: Type.Optional(oin),
  instellingen: Type.Optional(InstellingenGedeeltelijk)
})
export type GemeenteInvoer = Static<typeof GemeenteInvoer>

export const Gemeente = NamedObject('Gemeente', {
  gemeentecode: Gemeentecode(),
  naam,
  oin: Type.Optional(oin),
  instellingen: Group(instellingen, 'Wat de gemeente zelf instelt.'),
  opgegaanIn: Type.Optional(
    Group(
      {
        gemeentecode: Gemeentecode('CBS-code van de gemeente die er nu is.'),
        sinds: Day({ description: 'Vanaf welke dag.', examples: ['2027-01-01'] })
      },
      'Staat er alleen bij een gemeente die door een herindeling in een andere is opgegaan: gebruik de code van die gemeente.'
    )
  )
})
export type Gemeente = Static<typeof Gemeente>

const DrempelOfGeen = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 1,
  maximum: 100_000_000,
  description: 'Drempelbedrag in eurocenten; null neemt de drempel weg.',
  examples: [10000]
})

export const GemeenteWijziging = NamedObject('GemeenteWijziging', {
  naam: Type.Optional(naam),
  oin: Type.Optional(Type.Union([oin, Type.Null()], { description: 'Het OIN; null verwijdert het.' })),
  instellingen: Type.Optional(
    Group(
      {
        ...Type.Partial(Type.Object(instellingen)).properties,
        drempelbedragenInCenten: Type.Optional(
          Group(perSector(DrempelOfGeen), 'Drempelbedragen die wijzigen.')
        )
      },
      'De instellingen die wijzigen.'
    )
  )
})
export type GemeenteWijziging = Static<typeof GemeenteWijziging>

export const Gemeenten = Collection('Gemeenten', Gemeente)

export const GemeentePad = Type.Object({ gemeentecode: Gemeentecode() })

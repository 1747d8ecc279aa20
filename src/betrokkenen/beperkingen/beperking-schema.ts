import Type, { type Static } from 'typebox'
import {
  Collection,
  Day,
  Gemeentecode,
  Instant,
  NamedObject,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'

export const BeperkingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de beperking.' }) })

export const Beperking = NamedObject(
  'Beperking',
  {
    id: Uuid({ description: 'Kenmerk van de beperking; nergens staat over wie zij gaat.' }),
    gemeentecode: Gemeentecode('De gemeente waarin zij geldt.'),
    aantalVroegsignalen: Whole(0, 1_000_000, {
      description: 'Het aantal signalen dat is beperkt.',
      examples: [2]
    }),
    vastgelegdOp: Instant({ description: 'Wanneer zij is vastgelegd.' }),
    einddatum: Type.Optional(
      Day({
        description:
          'Tot en met wanneer zij geldt; ontbreekt zij, dan tot zij wordt opgeheven of de signalen worden vernietigd.',
        examples: ['2026-12-31']
      })
    )
  },
  'Een beperking van de verwerking, op verzoek van een inwoner (AVG art. 18).'
)
export type Beperking = Static<typeof Beperking>

export const Beperkingen = Collection('Beperkingen', Beperking)

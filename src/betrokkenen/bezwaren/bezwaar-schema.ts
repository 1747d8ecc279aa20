import Type, { type Static } from 'typebox'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { Day, Gemeentecode, NamedObject, Uuid } from '../../platform/http/wire-schema.ts'

export const BezwaarPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het bezwaar.' }) })

export const Bezwaar = NamedObject(
  'Bezwaar',
  {
    id: Uuid({ description: 'Kenmerk van het bezwaar; bewaar het, want nergens staat wie het maakte.' }),
    gemeentecode: Gemeentecode('De gemeente waarin het geldt.'),
    signaalpartnerId: Type.Optional(
      Uuid({
        description: 'De partner tegen wiens signalen het is; ontbreekt bij een bezwaar tegen alle partners.'
      })
    ),
    einddatum: Day({
      description: `Tot en met wanneer het geldt: ${bewaartermijnen.bezwaar.maanden} maanden. Daarna kan de inwoner opnieuw bezwaar maken.`,
      examples: ['2028-11-25']
    })
  },
  'Een bezwaar van een inwoner tegen signalen (AVG art. 21). Bewaard zijn alleen onomkeerbare kenmerken.'
)
export type Bezwaar = Static<typeof Bezwaar>

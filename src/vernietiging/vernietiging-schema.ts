import Type, { type Static } from 'typebox'
import { aanleidingen } from '../begrippen/aanleiding.ts'
import { foutsoorten } from '../begrippen/ketenfout.ts'
import {
  CleanText,
  Collection,
  Flag,
  Gemeentecode,
  Group,
  Instant,
  NamedObject,
  OneOf,
  Query,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'

export const Vernietiging = NamedObject(
  'Vernietiging',
  {
    id: Uuid({ description: 'Kenmerk van de vernietiging.' }),
    uitgevoerdOp: Instant({ description: 'Wanneer is vernietigd.' }),
    aanleiding: OneOf(aanleidingen, { description: 'Waarom is vernietigd.', examples: ['bewaartermijn'] }),
    gemeentecode: Gemeentecode(),
    aantalVroegsignalen: Whole(0, 1_000_000_000, {
      description: 'Aantal vernietigde signalen.',
      examples: [123]
    }),
    aantalHuishoudens: Whole(0, 1_000_000_000, {
      description: 'Aantal vernietigde huishoudens.',
      examples: [98]
    }),
    bewijs: CleanText(20_000, {
      description:
        'Ondertekende verklaring (compact JWS, sleutel in de JWKS) met een verwijzing naar de vorige verklaring van de gemeente, zodat er geen ongezien kan ontbreken.',
      examples: ['eyJhbGciOiJFUzI1NiJ9.eyJ2b3JpZ2UiOm51bGx9.c2ln']
    })
  },
  'Verantwoording van een vernietiging: wat, hoeveel en waarom; nooit van wie.'
)
export type Vernietiging = Static<typeof Vernietiging>

export const Vernietigingen = Collection('Vernietigingen', Vernietiging)

/** Which chain is wanted. */
export const KetencontroleQuery = Query({
  gemeentecode: Type.Optional(Gemeentecode('Alleen de keten van deze gemeente; zonder alle die u mag zien.'))
})

export const Ketencontrole = NamedObject(
  'Ketencontrole',
  {
    volledig: Flag({
      description: 'Of elke verklaring klopt en er geen tussen ontbreekt.',
      examples: [true]
    }),
    aantal: Whole(0, 1_000_000_000, {
      description: 'Aantal verklaringen dat klopt, tot de eerste fout.',
      examples: [412]
    }),
    eersteFout: Type.Optional(
      Group(
        {
          gemeentecode: Gemeentecode('De gemeente van de keten.'),
          volgnummer: Whole(1, 1_000_000_000, {
            description: 'De hoeveelste verklaring van die gemeente.',
            examples: [17]
          }),
          vernietigingId: Type.Optional(
            Uuid({ description: 'Kenmerk van de vernietiging; ontbreekt als zij zelf ontbreekt.' })
          ),
          fout: OneOf(foutsoorten, {
            description:
              '`ontbreekt`: er is geen verklaring met dit nummer; `bewijs-ongeldig`: de handtekening klopt niet; `gegevens-gewijzigd`: de gegevens zijn niet die van de verklaring; `verwijzing-klopt-niet`: zij volgt niet op de vorige.'
          })
        },
        'De eerste verklaring die niet klopt.'
      )
    )
  },
  'Uitkomst van het nalopen van de verklaringen van vernietiging.'
)
export type Ketencontrole = Static<typeof Ketencontrole>

export const VernietigingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de vernietiging.' }) })

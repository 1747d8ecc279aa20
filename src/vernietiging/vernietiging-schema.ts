import Type, { type Static } from 'typebox'
import { aanleidingen } from '../begrippen/aanleiding.ts'
import {
  CleanText,
  Collection,
  Gemeentecode,
  Instant,
  NamedObject,
  OneOf,
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

export const VernietigingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de vernietiging.' }) })

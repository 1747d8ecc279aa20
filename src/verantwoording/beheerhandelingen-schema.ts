import Type, { type Static } from 'typebox'
import {
  CleanText,
  Collection,
  Day,
  Formed,
  Instant,
  List,
  NamedObject,
  pageQuery,
  Query,
  Uuid
} from '../platform/http/wire-schema.ts'

const objectId = Formed('^[0-9a-f-]{4,36}$', 36, {
  description: 'Kenmerk van een gemeente, signaalpartner, overeenkomst, client of geheim.',
  examples: ['0177']
})

export const BeheerhandelingenQuery = Query({
  ...pageQuery,
  van: Type.Optional(Day({ description: 'Eerste dag.', examples: ['2026-11-01'] })),
  totEnMet: Type.Optional(Day({ description: 'Laatste dag.', examples: ['2026-11-30'] })),
  objectId: Type.Optional(objectId)
})

export const Beheerhandeling = NamedObject(
  'Beheerhandeling',
  {
    id: Uuid({ description: 'Kenmerk van deze regel.' }),
    tijdstip: Instant({ description: 'Wanneer het is gedaan.' }),
    clientId: CleanText(200, {
      description: 'De client die het deed; `opdracht` voor een opdracht op de server.',
      examples: ['beheer']
    }),
    gebruiker: Type.Optional(
      CleanText(64, {
        description: 'De medewerker van een gemeente, onder het pseudoniem uit de header `Gebruiker`.',
        examples: ['mw-7f3a']
      })
    ),
    handeling: Formed('^[a-z][A-Za-z]{1,60}$', 61, {
      description:
        'Wat er is gedaan: de `operationId` uit dit document, of `planHerindeling` of `withdrawHerindeling` van de opdracht `herindeling`.',
      examples: ['patchClient']
    }),
    objectIds: List(objectId, 3, { description: 'Waarmee het is gedaan.' }),
    velden: List(
      CleanText(200, {
        description: 'Een veld, zoals in de body van het verzoek.',
        examples: ['instellingen.bewaartermijnMaanden']
      }),
      1_000,
      { description: 'De velden die zijn opgegeven; hun waarden staan er niet bij.' }
    ),
    traceId: Formed('^[0-9a-f]{32}$', 32, {
      description: 'De trace van het verzoek (W3C `traceparent`).',
      examples: ['4bf92f3577b34da6a3ce929d0e0e4736']
    })
  },
  'Wie een gemeente, signaalpartner, overeenkomst, client of geheim toevoegde, wijzigde of introk.'
)
export type Beheerhandeling = Static<typeof Beheerhandeling>

export const Beheerhandelingen = Collection('Beheerhandelingen', Beheerhandeling)

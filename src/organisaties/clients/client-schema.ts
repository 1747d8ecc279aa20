import Type, { type Static } from 'typebox'
import { rollen, type Scope, scopesPerRol } from '../../begrippen/scopes.ts'
import {
  CleanText,
  Collection,
  Day,
  DayOrNull,
  Gemeentecode,
  Instant,
  List,
  NamedObject,
  OneOf,
  Uuid
} from '../../platform/http/wire-schema.ts'

const allScopes = [...new Set(Object.values(scopesPerRol).flat())] as Scope[]

const naam = CleanText(200, {
  description: 'Naam van het systeem dat de client gebruikt.',
  examples: ['Debiteurensysteem']
})
const rol = OneOf(rollen, { description: 'Voor wie de client werkt.', examples: ['signaalpartner'] })
const signaalpartnerId = Uuid({
  description: 'De signaalpartner; alleen en altijd bij de rol signaalpartner.'
})
const gemeentecodes = List(Gemeentecode(), 400, {
  description: 'De gemeente, of bij een uitvoerder de gemeenten; alleen en altijd bij de rol gemeente.',
  minItems: 1,
  uniqueItems: true
})
const scopes = List(
  OneOf(allScopes, { description: 'Wat de client mag.', examples: ['vroegsignalen:aanleveren'] }),
  20,
  {
    description: 'Wat de client mag; alleen scopes die bij de rol horen.',
    minItems: 1,
    uniqueItems: true
  }
)
const jwkText = (description: string, example: string) =>
  Type.Optional(CleanText(2000, { description, examples: [example] }))
const jwks = Type.Object(
  {
    keys: List(
      Type.Object(
        {
          kty: OneOf(['RSA', 'EC'], { description: 'Soort sleutel.', examples: ['EC'] }),
          kid: jwkText('Kenmerk van de sleutel.', 'sleutel-2026'),
          use: jwkText('Gebruik.', 'sig'),
          alg: jwkText('Algoritme.', 'ES256'),
          crv: jwkText('Kromme (EC).', 'P-256'),
          x: jwkText('X-coördinaat (EC).', 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU'),
          y: jwkText('Y-coördinaat (EC).', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'),
          n: jwkText('Modulus (RSA).', '0vx7agoebGcQSuuPiLJXZpt'),
          e: jwkText('Exponent (RSA).', 'AQAB')
        },
        { additionalProperties: false, description: 'Een publieke sleutel; nooit een private.' }
      ),
      10,
      { description: 'De publieke sleutels.', minItems: 1 }
    )
  },
  {
    additionalProperties: false,
    description:
      'Publieke sleutels (JWKS) voor private_key_jwt. Met JWKS krijgt de client geen secret. Van een sleutel worden alleen deze velden bewaard; certificaten (`x5c`) en dergelijke worden overgeslagen.',
    'x-extern-model': 'JWK'
  }
)

const uitgever = Type.String({
  pattern: '^https?://[^\\s,|]+$',
  maxLength: 500,
  description:
    'De externe uitgever waarvan de tokens voor deze client gelden, een van de in de hub ingestelde; weggelaten de hub zelf. Ligt vast. De client vraagt zijn tokens dan dáár aan en krijgt hier geen geheim.',
  examples: ['https://tokens.voorbeeld.example']
})

const einddatum = Day({
  description: 'De laatste dag waarop de client werkt; weggelaten tot hij wordt ingetrokken.',
  examples: ['2027-12-31']
})

export const ClientInvoer = NamedObject('ClientInvoer', {
  naam,
  rol,
  signaalpartnerId: Type.Optional(signaalpartnerId),
  gemeentecodes: Type.Optional(gemeentecodes),
  scopes,
  jwks: Type.Optional(jwks),
  uitgever: Type.Optional(uitgever),
  einddatum: Type.Optional(einddatum)
})
export type ClientInvoer = Static<typeof ClientInvoer>

/** The fields of a client that may change. Another organisation, or keys instead of a secret, make a new client. */
export const ClientWijziging = NamedObject('ClientWijziging', {
  naam: Type.Optional(naam),
  scopes: Type.Optional(scopes),
  gemeentecodes: Type.Optional(gemeentecodes),
  jwks: Type.Optional(jwks),
  einddatum: Type.Optional(
    DayOrNull({
      description: 'De laatste dag waarop de client werkt; null laat hem werken tot hij wordt ingetrokken.',
      examples: ['2027-12-31']
    })
  )
})
export type ClientWijziging = Static<typeof ClientWijziging>

const client = {
  id: Uuid({ description: 'Kenmerk van de client.' }),
  clientId: CleanText(200, {
    description: 'De `client_id` waarmee de client een token aanvraagt.',
    examples: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071']
  }),
  naam,
  rol,
  signaalpartnerId: Type.Optional(signaalpartnerId),
  gemeentecodes: Type.Optional(gemeentecodes),
  scopes,
  jwks: Type.Optional(jwks),
  uitgever: Type.Optional(uitgever),
  einddatum: Type.Optional(einddatum),
  aangemaaktOp: Instant({ description: 'Wanneer de client is gemaakt.' }),
  laatstGebruiktOp: Type.Optional(
    Instant({
      description:
        'Wanneer de client het laatst een verzoek deed, op het uur nauwkeurig; telt niet mee voor de `ETag`.'
    })
  )
}
const clientSecret = CleanText(200, {
  description:
    'Het geheim van de client. Het wordt alleen nu getoond; de hub bewaart er slechts een hash van.',
  examples: ['zie-het-antwoord-op-uw-eigen-verzoek']
})

export const Client = NamedObject('Client', client)
export type Client = Static<typeof Client>

export const NieuweClient = NamedObject('NieuweClient', {
  ...client,
  clientSecret: Type.Optional(clientSecret)
})

export const Clients = Collection('Clients', Client)

const geheim = {
  id: Uuid({ description: 'Kenmerk van het geheim.' }),
  aangemaaktOp: Instant({ description: 'Wanneer het geheim is gemaakt.' })
}
export const Geheim = NamedObject('Geheim', geheim)
export const NieuwGeheim = NamedObject('NieuwGeheim', {
  ...geheim,
  clientSecret: Type.Optional(clientSecret)
})
export const Geheimen = NamedObject('Geheimen', {
  resultaten: List(Geheim, 2, { description: 'De geldige geheimen van de client, hoogstens twee.' })
})

export const ClientPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de client.' }) })
export const GeheimPad = Type.Object({
  id: Uuid({ description: 'Kenmerk van de client.' }),
  geheimId: Uuid({ description: 'Kenmerk van het geheim.' })
})

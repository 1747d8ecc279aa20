import Type, { type Static } from 'typebox'
import {
  abonnementstatussen,
  bezorgfouten,
  bezorgstatussen,
  uitschakelredenen
} from '../begrippen/abonnement.ts'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { gebeurtenissoorten, gebeurtenissoortlijst, proefsoort } from '../begrippen/gebeurtenissoort.ts'
import {
  CleanText,
  Collection,
  Formed,
  Gemeentecode,
  Instant,
  List,
  NamedObject,
  OneOf,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'

const uitlegPerSoort = Object.entries(gebeurtenissoorten)
  .map(([soort, { uitleg }]) => `- \`${soort}\`: ${uitleg}`)
  .join('\n')

// The names of kinds are those of CloudEvents: reversed domain names.
const kind = { 'x-extern-model': 'CloudEvents' }

const url = Formed('^https?://[!-~]+$', 2000, {
  description:
    'Waar de hub gebeurtenissen bezorgt: een volledig adres met https, zonder gebruikersnaam en zonder `#`, op de gewone poort of een vanaf 1024. Interne, loopback- en link-local-adressen worden geweigerd, hier en bij elke bezorging, tenzij de beheerder van de hub hun netwerk toestaat.',
  examples: ['https://zaaksysteem.voorbeeld.example/signaalhub']
})
const soorten = List(
  OneOf(gebeurtenissoortlijst, { description: 'Soort gebeurtenis (CloudEvents `type`).', ...kind }),
  gebeurtenissoortlijst.length,
  { description: `Van welke gebeurtenissen u wilt horen.\n${uitlegPerSoort}`, minItems: 1, uniqueItems: true }
)
const status = OneOf(abonnementstatussen, {
  description:
    'Of er wordt bezorgd. Een uitgeschakeld abonnement schakelt u weer in met `PATCH` en `{"status": "actief"}`; wat er intussen gebeurde, wordt niet alsnog bezorgd.'
})

export const AbonnementInvoer = NamedObject('AbonnementInvoer', { url, soorten })
export type AbonnementInvoer = Static<typeof AbonnementInvoer>

export const AbonnementWijziging = NamedObject('AbonnementWijziging', {
  url: Type.Optional(url),
  soorten: Type.Optional(soorten),
  status: Type.Optional(status)
})
export type AbonnementWijziging = Static<typeof AbonnementWijziging>

const abonnement = {
  id: Uuid({ description: 'Kenmerk van het abonnement.' }),
  gemeentecodes: List(Gemeentecode(), 400, {
    description:
      'Van welke gemeenten de gebeurtenissen worden bezorgd: die van de client die het abonnement nam, zoals zij nu zijn.'
  }),
  url,
  soorten,
  status,
  redenUitgeschakeld: Type.Optional(
    OneOf(uitschakelredenen, {
      description:
        '`op-verzoek`: u schakelde het uit. `ontvanger-weg`: de ontvanger antwoordde met 410. `onbereikbaar`: drie dagen lang lukte geen enkele poging. `client-zonder-toegang`: de client die het abonnement nam is ingetrokken, of mag geen abonnementen meer beheren.'
    })
  ),
  uitgeschakeldOp: Type.Optional(Instant({ description: 'Wanneer het is uitgeschakeld.' })),
  aangemaaktOp: Instant({ description: 'Wanneer het is genomen.' })
}
const geheimTekst = CleanText(100, {
  description:
    'Het geheim waarmee elke bezorging wordt ondertekend (Standard Webhooks). Het wordt alleen nu getoond.',
  examples: ['whsec_zie-het-antwoord-op-uw-eigen-verzoek']
})

export const Abonnement = NamedObject(
  'Abonnement',
  abonnement,
  'Waar gebeurtenissen worden bezorgd, en welke.'
)
export type Abonnement = Static<typeof Abonnement>
export const NieuwAbonnement = NamedObject('NieuwAbonnement', {
  ...abonnement,
  geheim: Type.Optional(geheimTekst)
})
export const Abonnementen = Collection('Abonnementen', Abonnement)

const geheim = {
  id: Uuid({ description: 'Kenmerk van het geheim.' }),
  aangemaaktOp: Instant({ description: 'Wanneer het geheim is gemaakt.' })
}
export const Abonnementgeheim = NamedObject('Abonnementgeheim', geheim)
export type Abonnementgeheim = Static<typeof Abonnementgeheim>
export const NieuwAbonnementgeheim = NamedObject('NieuwAbonnementgeheim', {
  ...geheim,
  geheim: Type.Optional(geheimTekst)
})
export const Abonnementgeheimen = NamedObject('Abonnementgeheimen', {
  resultaten: List(Abonnementgeheim, 2, { description: 'De geheimen die ondertekenen, hoogstens twee.' })
})

export const Bezorging = NamedObject(
  'Bezorging',
  {
    id: Uuid({ description: 'Kenmerk van de bezorging.' }),
    gemeentecode: Gemeentecode('De gemeente waarin het gebeurde.'),
    gebeurtenisId: Uuid({
      description: 'Kenmerk van de gebeurtenis: `id` van het bericht, en `webhook-id`.'
    }),
    soort: OneOf([...gebeurtenissoortlijst, proefsoort], { description: 'Soort gebeurtenis.', ...kind }),
    op: Instant({ description: 'Wanneer het gebeurde.' }),
    status: OneOf(bezorgstatussen, {
      description:
        '`wacht`: wordt bezorgd, of opnieuw geprobeerd. `bezorgd`: de ontvanger antwoordde met 2xx. `opgegeven`: na drie dagen nog niet bezorgd, of het abonnement is uitgeschakeld.'
    }),
    aantalPogingen: Whole(0, 1_000_000, { description: 'Hoe vaak het is geprobeerd.', examples: [1] }),
    laatstePogingOp: Type.Optional(Instant({ description: 'Wanneer voor het laatst.' })),
    volgendePogingOp: Type.Optional(Instant({ description: 'Wanneer weer, zolang zij wacht.' })),
    httpStatus: Type.Optional(
      Whole(100, 999, { description: 'Waarmee de ontvanger het laatst antwoordde.', examples: [200] })
    ),
    fout: Type.Optional(
      OneOf(bezorgfouten, {
        description:
          'Waarom de laatste poging mislukte, waar het antwoord dat niet zegt. De hub volgt geen doorverwijzing, en wacht hoogstens tien seconden.'
      })
    )
  },
  `De bezorging van een gebeurtenis. Zij wordt ${bewaartermijnen.gebeurtenis.voluit} bewaard, en gaat eerder weg met het signaal of huishouden waarover zij gaat.`
)
export type Bezorging = Static<typeof Bezorging>
export const Bezorgingen = Collection('Bezorgingen', Bezorging)

const id = Uuid({ description: 'Kenmerk van het abonnement.' })
export const AbonnementPad = Type.Object({ id })
export const AbonnementgeheimPad = Type.Object({
  id,
  geheimId: Uuid({ description: 'Kenmerk van het geheim.' })
})
export const BezorgingPad = Type.Object({
  id,
  bezorgingId: Uuid({ description: 'Kenmerk van de bezorging.' })
})

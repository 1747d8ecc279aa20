import Type, { type Static } from 'typebox'
import { betwistingsreacties, betwistingsredenlijst } from '../../begrippen/betwistingsreden.ts'
import {
  CleanText,
  Collection,
  Flag,
  Gemeentecode,
  Instant,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid
} from '../../platform/http/wire-schema.ts'

const vroegsignaalId = Uuid({ description: 'Het betwiste signaal.' })
const reden = OneOf(betwistingsredenlijst, {
  description: 'Waarom het signaal niet gegeven had mogen worden (criteria van de AP).',
  examples: ['al-betaald']
})
const toelichting = (description: string) =>
  Type.Optional(CleanText(1000, { description, examples: ['De huurder heeft een bankafschrift getoond.'] }))
const reactie = OneOf(betwistingsreacties, {
  description: 'Of u het signaal intrekt of handhaaft; handhaven vraagt een toelichting.',
  examples: ['gehandhaafd']
})

export const BetwistingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de betwisting.' }) })
export const BetwistSignaalPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het signaal.' }) })

export const BetwistingInvoer = NamedObject('BetwistingInvoer', {
  reden,
  toelichting: toelichting('Toelichting voor de partner. Noem niet meer van de inwoner dan nodig.')
})

export const ReactieInvoer = NamedObject('BetwistingreactieInvoer', {
  reactie,
  toelichting: toelichting('Toelichting voor de gemeente; verplicht bij gehandhaafd.')
})

export const Reactie = NamedObject('Betwistingreactie', {
  betwistingId: Uuid({ description: 'De beantwoorde betwisting.' }),
  reactie
})

export const Betwisting = NamedObject('Betwisting', {
  id: Uuid({ description: 'Kenmerk van de betwisting.' }),
  vroegsignaalId,
  gemeentecode: Type.Optional(
    Gemeentecode('CBS-code van de gemeente die betwist; alleen voor de gemeente zelf.')
  ),
  signaalpartnerId: Uuid({ description: 'De partner van het signaal.' }),
  reden,
  toelichting: toelichting('Toelichting van de gemeente.'),
  ingediendOp: Instant({ description: 'Wanneer de gemeente het signaal betwistte.' }),
  reactie: Type.Optional(reactie),
  toelichtingReactie: toelichting('Toelichting van de partner bij zijn reactie.'),
  beantwoordOp: Type.Optional(Instant({ description: 'Wanneer de partner antwoordde.' }))
})
export type Betwisting = Static<typeof Betwisting>
export const Betwistingen = Collection('Betwistingen', Betwisting)

export const BetwistingQuery = Query({
  ...pageQuery,
  vroegsignaalId: Type.Optional(vroegsignaalId),
  beantwoord: Type.Optional(
    Flag({ description: 'true: alleen beantwoorde betwistingen; false: alleen openstaande.' })
  )
})

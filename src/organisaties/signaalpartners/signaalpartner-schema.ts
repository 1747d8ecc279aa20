import Type, { type Static } from 'typebox'
import { signaalpartnerstatussen } from '../../begrippen/organisatie.ts'
import {
  CleanText,
  Collection,
  Formed,
  NamedObject,
  OneOf,
  Sectoren,
  Uuid
} from '../../platform/http/wire-schema.ts'

const sectoren = Sectoren('De sectoren waarin de partner signalen geeft.')

const naam = CleanText(200, {
  description: 'Naam van de signaalpartner.',
  examples: ['Woningstichting De Linde']
})
const kvkNummer = Formed('^[0-9]{8}$', 8, {
  description: 'Nummer bij de Kamer van Koophandel.',
  examples: ['90000001']
})
const oin = Formed('^000000(0[1-9]|1[01]|99)[0-9A-Z]{12}$', 20, {
  description: 'Organisatie-identificatienummer, 20 posities.',
  examples: ['00000099000000000002']
})
const status = OneOf(signaalpartnerstatussen, {
  description: 'Een geschorste partner kan niets meer, vanaf het eerstvolgende verzoek.',
  examples: ['actief']
})

export const SignaalpartnerInvoer = NamedObject('SignaalpartnerInvoer', {
  naam,
  sectoren,
  kvkNummer: Type.Optional(kvkNummer),
  oin: Type.Optional(oin),
  status: Type.Optional(status)
})
export type SignaalpartnerInvoer = Static<typeof SignaalpartnerInvoer>

export const Signaalpartner = NamedObject('Signaalpartner', {
  id: Uuid({ description: 'Kenmerk van de signaalpartner.' }),
  naam,
  sectoren,
  kvkNummer: Type.Optional(kvkNummer),
  oin: Type.Optional(oin),
  status
})
export type Signaalpartner = Static<typeof Signaalpartner>

export const SignaalpartnerWijziging = NamedObject('SignaalpartnerWijziging', {
  naam: Type.Optional(naam),
  sectoren: Type.Optional(sectoren),
  kvkNummer: Type.Optional(
    Type.Union([kvkNummer, Type.Null()], { description: 'Het KvK-nummer; null verwijdert het.' })
  ),
  oin: Type.Optional(Type.Union([oin, Type.Null()], { description: 'Het OIN; null verwijdert het.' })),
  status: Type.Optional(status)
})
export type SignaalpartnerWijziging = Static<typeof SignaalpartnerWijziging>

export const Signaalpartners = Collection('Signaalpartners', Signaalpartner)

export const SignaalpartnerPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de signaalpartner.' }) })

import Type, { type Static } from 'typebox'
import { ClientInvoer } from '../../../organisaties/clients/client-schema.ts'
import { GemeenteInvoer } from '../../../organisaties/gemeenten/gemeente-schema.ts'
import {
  OndertekeningInvoer,
  OvereenkomstInvoer
} from '../../../organisaties/overeenkomsten/overeenkomst-schema.ts'
import { SignaalpartnerInvoer } from '../../../organisaties/signaalpartners/signaalpartner-schema.ts'
import { Gemeentecode, Group, List, NamedObject } from '../../../platform/http/wire-schema.ts'

const { signaalpartnerId: _, ...ofClient } = ClientInvoer.properties
const { signaalpartnerId: __, gemeentecode: ___, ...ofOvereenkomst } = OvereenkomstInvoer.properties
const signaalpartner = SignaalpartnerInvoer.properties.naam
const gemeentecodes = List(Gemeentecode(), 400, {
  description: 'De gemeenten waarmee de partner deze overeenkomst heeft.',
  minItems: 1,
  uniqueItems: true
})

const LandschapClient = NamedObject('LandschapClient', {
  ...ofClient,
  signaalpartner: Type.Optional(signaalpartner)
})
export type LandschapClient = Static<typeof LandschapClient>

const LandschapOvereenkomst = NamedObject('LandschapOvereenkomst', {
  signaalpartner,
  gemeentecodes,
  ...ofOvereenkomst,
  ondertekening: Type.Optional(
    Group(
      { signaalpartner: Type.Optional(OndertekeningInvoer), gemeente: Type.Optional(OndertekeningInvoer) },
      'Wie al heeft ondertekend, bijvoorbeeld op papier.'
    )
  )
})
export type LandschapOvereenkomst = Static<typeof LandschapOvereenkomst>

/** Who takes part: the bodies of the API, in which a partner goes by its name and an agreement may be with many. */
export const Landschap = NamedObject('Landschap', {
  gemeenten: Type.Optional(List(GemeenteInvoer, 400, { description: 'De gemeenten die meedoen.' })),
  signaalpartners: Type.Optional(List(SignaalpartnerInvoer, 1000, { description: 'De signaalpartners.' })),
  clients: Type.Optional(List(LandschapClient, 2000, { description: 'De systemen die toegang krijgen.' })),
  overeenkomsten: Type.Optional(List(LandschapOvereenkomst, 2000, { description: 'De overeenkomsten.' }))
})
export type Landschap = Required<Static<typeof Landschap>>

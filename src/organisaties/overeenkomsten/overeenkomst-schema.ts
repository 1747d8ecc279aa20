import Type, { type Static } from 'typebox'
import { ingrepen, overeenkomststatussen, partijen } from '../../begrippen/organisatie.ts'
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
  Sectoren,
  Uuid
} from '../../platform/http/wire-schema.ts'

const naam = CleanText(200, { description: 'Naam van wie ondertekent.', examples: ['M. Voorbeeld'] })
const functie = CleanText(200, {
  description: 'Functie van wie ondertekent.',
  examples: ['Manager debiteuren']
})

export const OndertekeningInvoer = NamedObject('OndertekeningInvoer', { naam, functie })
export type OndertekeningInvoer = Static<typeof OndertekeningInvoer>

const Ondertekening = NamedObject('Ondertekening', {
  partij: OneOf(partijen, { description: 'Namens wie is ondertekend.', examples: ['gemeente'] }),
  naam,
  functie,
  ondertekendOp: Instant({ description: 'Wanneer is ondertekend.' })
})

const convenantversie = CleanText(50, {
  description: 'Versie van het Landelijk Convenant Vroegsignalering waarop de overeenkomst rust.',
  examples: ['LCV 2020']
})
const ingangsdatum = Day({
  description: 'Eerste dag waarop de overeenkomst geldt.',
  examples: ['2026-01-01']
})
const einddatum = Day({ description: 'Laatste dag waarop de overeenkomst geldt.', examples: ['2027-12-31'] })

const sectoren = Sectoren('De sectoren waarin de partner signalen geeft.')

export const OvereenkomstInvoer = NamedObject('OvereenkomstInvoer', {
  signaalpartnerId: Uuid({ description: 'De signaalpartner.' }),
  gemeentecode: Gemeentecode(),
  sectoren,
  convenantversie,
  ingangsdatum,
  einddatum: Type.Optional(einddatum)
})
export type OvereenkomstInvoer = Static<typeof OvereenkomstInvoer>

export const Overeenkomst = NamedObject('Overeenkomst', {
  id: Uuid({ description: 'Kenmerk van de overeenkomst.' }),
  signaalpartnerId: Uuid({ description: 'De signaalpartner.' }),
  gemeentecode: Gemeentecode(),
  sectoren,
  convenantversie,
  ingangsdatum,
  einddatum: Type.Optional(einddatum),
  status: OneOf(overeenkomststatussen, {
    description: 'Actief wanneer beide partijen hebben ondertekend en de ingangsdatum is bereikt.',
    examples: ['actief']
  }),
  ondertekeningen: List(Ondertekening, 2, { description: 'Wie heeft ondertekend.' })
})
export type Overeenkomst = Static<typeof Overeenkomst>

export const OvereenkomstWijziging = NamedObject('OvereenkomstWijziging', {
  sectoren: Type.Optional(sectoren),
  convenantversie: Type.Optional(convenantversie),
  ingangsdatum: Type.Optional(ingangsdatum),
  einddatum: Type.Optional(
    DayOrNull({
      description: 'Laatste dag waarop de overeenkomst geldt; null maakt haar onbepaald.',
      examples: ['2027-12-31']
    })
  ),
  status: Type.Optional(
    OneOf(['actief', ...ingrepen], {
      description:
        'Opschorten en beëindigen werken vanaf het eerstvolgende verzoek; beëindigd is definitief.',
      examples: ['opgeschort']
    })
  )
})
export type OvereenkomstWijziging = Static<typeof OvereenkomstWijziging>

export const Overeenkomsten = Collection('Overeenkomsten', Overeenkomst)

export const OvereenkomstPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de overeenkomst.' }) })

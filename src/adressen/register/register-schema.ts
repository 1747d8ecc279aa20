import Type from 'typebox'
import { registerbronnen } from '../../begrippen/adresregister.ts'
import { CleanText, Instant, List, NamedObject, OneOf, Uuid, Whole } from '../../platform/http/wire-schema.ts'

const most = 100_000_000

const bron = OneOf(registerbronnen, {
  description:
    'Waar het register vandaan komt: `cbs` kent postcodes met huisnummers, `bag` ook huisletters, toevoegingen of nummeraanduidingen.',
  examples: ['bag']
})
const geladenOp = Instant({ description: 'Wanneer dit register in gebruik kwam.' })
const aantallen = {
  aantalAdressen: Whole(0, most, {
    description: 'Aantal verschillende adressen in het register.',
    examples: [9_800_000]
  }),
  aantalPostcodes: Whole(0, most, { description: 'Aantal postcodes in het register.', examples: [460_000] }),
  aantalGemeenten: Whole(0, 10_000, {
    description: 'Aantal gemeenten waarvan het register adressen heeft.',
    examples: [342]
  }),
  onbekendeGemeenten: List(
    CleanText(80, { description: 'Naam van een gemeente.', examples: ['Bergen (NH.)'] }),
    500,
    {
      description:
        'Namen van gemeenten in het bestand die de hub niet kent, hoogstens 500. Van hun adressen is de gemeente onbekend; voeg de gemeente toe en laad het bestand opnieuw, of lever het met gemeentecodes.'
    }
  )
}
const aantalRegels = Whole(0, most, {
  description: 'Aantal gelezen regels onder de kopregel.',
  examples: [9_983_807]
})

export const Adresregister = NamedObject('Adresregister', {
  bron: Type.Optional(bron),
  geladenOp: Type.Optional(geladenOp),
  ...aantallen,
  levering: Type.Optional(
    NamedObject(
      'LopendeAdresregisterLevering',
      { begonnenOp: Instant({ description: 'Wanneer het laden begon.' }), aantalRegels },
      'De levering die nu wordt geladen; tot zij klaar is, blijft het oude register in gebruik.'
    )
  )
})

export const AdresregisterLevering = NamedObject('AdresregisterLevering', {
  id: Uuid({ description: 'Kenmerk van de levering.' }),
  bron,
  geladenOp,
  aantalRegels,
  aantalOvergeslagen: Whole(0, most, {
    description: 'Aantal regels zonder postcode; zulke adressen bestaan en worden overgeslagen.',
    examples: [183_807]
  }),
  ...aantallen
})

export const AdresregisterBestand = Type.String({
  maxLength: 1_000_000_000,
  description:
    'Kopregel, dan een regel per adres; gescheiden door `;`, `,` of tab. Kolommen worden op naam gevonden, in elke volgorde; andere worden overgeslagen. Nodig zijn `postcode` (of `PC6`), `huisnummer` en `gemeentecode` of `gemeente` (code of naam, ook `Gemeente2026`). Met `huisletter`, `huisnummertoevoeging` en `nummeraanduiding` kent het register elk adres.',
  examples: [
    'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode\n8101AA;10;A;2;0177200000000001;0177\n8101AA;12;;;0177200000000002;0177\n'
  ]
})

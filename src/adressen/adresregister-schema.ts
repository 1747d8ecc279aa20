import Type from 'typebox'
import { Instant, NamedObject, Uuid, Whole } from '../platform/http/wire-schema.ts'

const aantalPostcodes = Whole(0, 10_000_000, {
  description: 'Aantal combinaties van postcode en gemeente in het register.',
  examples: [460000]
})
const geladenOp = Instant({ description: 'Wanneer de laatste levering is geladen.' })

export const Adresregister = NamedObject('Adresregister', {
  aantalPostcodes,
  geladenOp: Type.Optional(geladenOp)
})

export const AdresregisterLevering = NamedObject('AdresregisterLevering', {
  id: Uuid({ description: 'Kenmerk van de levering.' }),
  geladenOp,
  aantalPostcodes
})

export const AdresregisterBestand = Type.String({
  maxLength: 1_000_000_000,
  description: 'Kopregel met kolommen PC6 en gemeente, dan een regel per adres.',
  examples: ['PC6;Huisnummer;Gemeente2026\n8101AA;1;0177\n']
})

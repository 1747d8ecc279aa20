import Type, { type Static } from 'typebox'
import { terugkoppelcodelijst, terugkoppelcodes } from '../../begrippen/terugkoppelcode.ts'
import {
  CleanText,
  Collection,
  Day,
  Instant,
  NamedObject,
  OneOf,
  Uuid
} from '../../platform/http/wire-schema.ts'

const explained = terugkoppelcodelijst.map((code) => `\`${code}\`: ${terugkoppelcodes[code].uitleg}`)

export const Terugkoppeling = NamedObject(
  'Terugkoppeling',
  {
    vroegsignaalId: Uuid({ description: 'Het signaal waarover het gaat.' }),
    referentie: CleanText(64, {
      description: 'Uw eigen kenmerk van het signaal.',
      examples: ['HUUR-2026-000123']
    }),
    code: OneOf(terugkoppelcodelijst, {
      description: `Wat de gemeente u over uw signaal mag laten weten (Bgs art. 17 en de DDAS-codelijst). Meer wordt niet verstrekt. ${explained.join('; ')}.`,
      examples: ['opgepakt']
    }),
    op: Instant({ description: 'Wanneer de gemeente dit liet weten.' }),
    incassopauzeTotEnMet: Type.Optional(
      Day({
        description: 'Laatste dag waarop de incasso rust; alleen bij hulp-aanvaard.',
        examples: ['2026-12-25']
      })
    )
  },
  'Wat een gemeente de partner over zijn signaal laat weten.'
)
export type Terugkoppeling = Static<typeof Terugkoppeling>
export const Terugkoppelingen = Collection('Terugkoppelingen', Terugkoppeling)

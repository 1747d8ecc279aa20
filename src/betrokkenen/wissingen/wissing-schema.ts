import Type from 'typebox'
import { NamedObject, Whole } from '../../platform/http/wire-schema.ts'

export const Wissing = NamedObject(
  'Wissing',
  {
    aantalVernietigd: Whole(0, 100_000, {
      description: 'Aantal vernietigde signalen over de inwoner.',
      examples: [2]
    }),
    vernietigingId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'uuid',
      description:
        'De vernietiging met haar bewijs (`GET /v1/vernietigingen/{id}`); null als er niets was om te vernietigen. Twee wissingen op hetzelfde ogenblik kunnen samen in één bewijs staan.',
      examples: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071']
    })
  },
  'Wat er is vernietigd.'
)

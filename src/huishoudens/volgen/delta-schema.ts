import Type from 'typebox'
import {
  Formed,
  Group,
  List,
  NamedObject,
  OneOf,
  Query,
  Uuid,
  Whole
} from '../../platform/http/wire-schema.ts'
import { expandQuery, Huishouden } from '../huishouden-schema.ts'

const stateId = (description: string) =>
  Formed('^[A-Za-z0-9_.-]+$', 200, {
    description,
    examples: ['mJ5v8Qk2XyTq0Zr7Lw4NcB9dFh3GsKpV1xUeYtRiOaE']
  })

export const DeltaQuery = Query({
  ...expandQuery,
  after: Type.Optional(
    stateId(
      'De `stateId` tot waar u bij bent. Weggelaten begint u bij het begin van wat leeft; onbekend of te oud geeft 410.'
    )
  ),
  limit: Type.Optional(
    Whole(1, 1000, {
      description: 'Hoogste aantal wijzigingen in het antwoord; standaard 100.',
      examples: [100]
    })
  )
})

export const Huishouddeltas = NamedObject(
  'Huishouddeltas',
  {
    deltas: List(
      Group(
        {
          stateId: stateId('Stand na deze wijziging.'),
          prevStateId: stateId('Stand ervoor: die van de vorige wijziging, of uw `after`.'),
          soort: OneOf(['gewijzigd', 'vervallen'], {
            description:
              'gewijzigd: het huishouden is er, en is zoals hier getoond. vervallen: het is er niet meer; verwijder het.',
            examples: ['gewijzigd']
          }),
          huishoudenId: Uuid({ description: 'Kenmerk van het huishouden.' }),
          huishouden: Type.Optional(Huishouden)
        },
        'Eén wijziging.'
      ),
      1000,
      { description: 'De wijzigingen in volgorde; leeg als u bij bent.' }
    ),
    stateId: stateId('Stand na dit antwoord; geef hem de volgende keer mee als `after`.')
  },
  'Wat er sinds een stand is gewijzigd. Van elk huishouden alleen de laatste wijziging, met het huishouden zoals het nu is.'
)

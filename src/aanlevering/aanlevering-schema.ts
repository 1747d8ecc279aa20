import { uitkomsten } from '../beoordeling/criterium.ts'
import { Flag, NamedObject } from '../platform/http/wire-schema.ts'
import { beoordelingVan } from '../vroegsignalen/vroegsignaal-schema.ts'

export const Proefbeoordeling = NamedObject('Proefbeoordeling', {
  toelaatbaar: Flag({ description: 'Of het signaal zou worden opgenomen.', examples: [true] }),
  beoordeling: beoordelingVan(uitkomsten, 'De uitkomst van elk criterium.')
})

import { uitkomsten } from '../beoordeling/criterium.ts'
import { Flag, Record } from '../platform/http/wire-schema.ts'
import { beoordelingVan } from '../vroegsignalen/vroegsignaal-schema.ts'

export const Proefbeoordeling = Record('Proefbeoordeling', {
  toelaatbaar: Flag({ description: 'Of het signaal zou worden opgenomen.', examples: [true] }),
  beoordeling: beoordelingVan(uitkomsten, 'De uitkomst van elk criterium.')
})

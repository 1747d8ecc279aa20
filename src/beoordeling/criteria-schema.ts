import Type from 'typebox'
import { sectoren, signaalsoorten } from '../begrippen/vroegsignaal.ts'
import { CleanText, Day, Formed, List, NamedObject, OneOf, Query } from '../platform/http/wire-schema.ts'
import { ernsten } from './criterium.ts'

const CriteriumSchema = NamedObject(
  'Criterium',
  {
    criterium: Formed('^[a-z-]+$', 60, {
      description: 'Het criterium, zoals fouten en bewijs het noemen.',
      examples: ['schriftelijke-herinnering']
    }),
    tekst: CleanText(1000, {
      description: 'Waaraan het signaal moet voldoen.',
      examples: ['Er is ten minste één schriftelijke herinnering gestuurd.']
    }),
    grondslag: CleanText(500, {
      description: 'Grondslag: wet, regeling, convenant, AP-handreiking of gemeentelijk beleid.',
      examples: ['Bgs art. 2, aanhef en onder c']
    }),
    ernst: OneOf(ernsten, {
      description: 'Of een signaal dat niet voldoet wordt afgewezen, of een waarschuwing krijgt.',
      examples: ['afwijzen']
    }),
    sectoren: List(OneOf(sectoren, { description: 'Sector.', examples: ['huur'] }), sectoren.length, {
      description: 'Voor welke sectoren deze regel geldt.'
    }),
    soorten: List(
      OneOf(signaalsoorten, { description: 'Soort signaal.', examples: ['vroegsignaal'] }),
      signaalsoorten.length,
      {
        description: 'Voor welke soorten signalen deze regel geldt.'
      }
    ),
    ingangsdatum: Day({
      description: 'Eerste signaaldatum waarvoor deze regel geldt.',
      examples: ['2021-01-01']
    }),
    einddatum: Type.Optional(
      Day({ description: 'Laatste signaaldatum waarvoor deze regel geldt.', examples: ['2025-12-31'] })
    )
  },
  'Eén regel van het recht, voor een aantal sectoren in een periode.'
)

export const Criteria = NamedObject('Criteria', {
  resultaten: List(CriteriumSchema, 500, { description: 'De regels die op de dag gelden.' })
})

export const CriteriaQuery = Query({
  datum: Type.Optional(Day({ description: 'De signaaldatum; standaard vandaag.' }))
})

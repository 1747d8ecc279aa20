import Type from 'typebox'
import { gebeurtenissen } from '../begrippen/gebeurtenis.ts'
import { sectoren } from '../begrippen/vroegsignaal.ts'
import {
  CleanText,
  Collection,
  Formed,
  Group,
  Instant,
  List,
  Month,
  monthsQuery,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid,
  Whole
} from '../platform/http/wire-schema.ts'

const aantal = (description: string) => Whole(0, 1_000_000_000, { description, examples: [12] })
const kenmerk = (description: string, example: string) =>
  Formed('^[a-z-]+$', 60, { description, examples: [example] })

const signaalpartner = Group(
  {
    id: Uuid({ description: 'Kenmerk van de signaalpartner.' }),
    naam: CleanText(200, {
      description: 'Naam van de signaalpartner.',
      examples: ['Woningstichting De Linde']
    })
  },
  'De signaalpartner.'
)
const perCriterium = (description: string) =>
  List(
    Group(
      {
        criterium: kenmerk('Het criterium.', 'schriftelijke-herinnering'),
        aantal: aantal('Hoe vaak.')
      },
      'Aantal van één criterium.'
    ),
    100,
    { description }
  )

export const Partnercijfers = NamedObject(
  'Partnercijfers',
  {
    signaalpartner,
    aantalOpgenomen: aantal('Hoeveel signalen zijn opgenomen.'),
    afwijzingen: perCriterium('Hoe vaak een signaal op een criterium is afgewezen.'),
    waarschuwingen: perCriterium('Hoe vaak een opgenomen signaal een waarschuwing kreeg.'),
    intrekkingen: List(
      Group(
        { reden: kenmerk('Waarom de partner introk.', 'betaald'), aantal: aantal('Hoe vaak.') },
        'Aantal van één reden.'
      ),
      100,
      { description: 'Hoe vaak de partner een signaal introk.' }
    ),
    betwistingen: List(
      Group(
        {
          reden: kenmerk('Waarom de gemeente betwistte.', 'al-betaald'),
          aantal: aantal('Hoe vaak.'),
          aantalIngetrokken: aantal('Hoe vaak de partner daarop introk.'),
          aantalGehandhaafd: aantal('Hoe vaak de partner handhaafde.')
        },
        'Aantallen van één reden.'
      ),
      100,
      { description: 'Hoe vaak een gemeente een signaal betwistte, en wat de partner antwoordde.' }
    )
  },
  'Hoe zorgvuldig een partner signaleerde: alleen aantallen, die de signalen zelf overleven.'
)
export const PartnercijfersLijst = Collection('PartnercijfersLijst', Partnercijfers)

const onderdelen = [...Object.keys(gebeurtenissen), 'afwijzing', 'te-late-aanlevering'] as const

export const Partnerdossier = NamedObject(
  'Partnerdossier',
  {
    signaalpartner,
    van: Month({ description: 'Eerste maand.', examples: ['2026-01'] }),
    totEnMet: Month({ description: 'Laatste maand.', examples: ['2026-11'] }),
    opgemaaktOp: Instant({ description: 'Wanneer het dossier is opgemaakt.' }),
    regels: List(
      Group(
        {
          gemeentecode: Type.String({
            pattern: '^([0-9]{4})?$',
            maxLength: 4,
            description: 'CBS-code van de gemeente; leeg waar een afgewezen signaal geen gemeente had.',
            examples: ['0177']
          }),
          maand: Month({ description: 'De maand.', examples: ['2026-11'] }),
          onderdeel: OneOf(onderdelen as unknown as string[], {
            description:
              'Waarover de regel gaat; `te-late-aanlevering` zijn de criteria over het moment van aanleveren.',
            examples: ['afwijzing']
          }),
          sector: Type.Optional(
            OneOf(sectoren, {
              description: 'De sector van de signalen; ontbreekt bij wat na de aanlevering gebeurde.',
              examples: ['huur']
            })
          ),
          kenmerk: kenmerk('Het criterium, de reden of de sector.', 'schriftelijke-herinnering'),
          uitleg: Type.Optional(
            CleanText(500, {
              description: 'Wat het criterium vraagt.',
              examples: ['Vóór het signaal is ten minste één schriftelijke herinnering gestuurd.']
            })
          ),
          grondslag: Type.Optional(
            CleanText(500, {
              description:
                'De grondslag in deze sector, op de laatste dag van de maand: wet, regeling, convenant, AP-handreiking of gemeentelijk beleid.',
              examples: ['Bgs art. 2, aanhef en onder c']
            })
          ),
          aantal: aantal('Hoe vaak.')
        },
        'Eén telling.'
      ),
      100_000,
      { description: 'De tellingen, per gemeente en maand.' }
    )
  },
  'Wat een gemeente de koepel over de zorgvuldigheid van een partner kan voorleggen; zonder persoonsgegevens.'
)

export const PartnercijfersQuery = Query({ ...pageQuery, ...monthsQuery })
export const PartnerdossierQuery = Query(monthsQuery)
export const PartnermonitorPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de signaalpartner.' }) })

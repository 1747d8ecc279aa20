import type { Sector } from '../begrippen/vroegsignaal.ts'
import { isCrisis, signaalsoorten } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'
import { daysBetween } from '../time.ts'
import type { Criterium } from './criterium.ts'
import type { Kern } from './criteriumrijen.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { apHandreiking, beginVroegsignalering, lcv } from './grondslagen.ts'

const maximaleOuderdomInDagen = 31
const kleinsteBedragInCenten = 5_000
const verruimingEnergie = '2022-12-01'

const drempelbedrag = criteriumrijen(
  {
    criterium: 'drempelbedrag',
    tekst:
      'De achterstand is niet lager dan het drempelbedrag van de gemeente voor de sector; voor een crisissignaal geldt geen drempel.',
    afwijzing: 'De achterstand is lager dan het drempelbedrag van de gemeente voor deze sector.',
    location: '/achterstand/bedragInCenten',
    herstel: 'Meld pas wanneer de achterstand het drempelbedrag van de gemeente bereikt.',
    toets: ({ achterstand }, { drempelbedragInCenten }) =>
      drempelbedragInCenten === undefined
        ? 'niet-van-toepassing'
        : achterstand.bedragInCenten >= drempelbedragInCenten
  },
  {
    grondslag: `Beleid van de gemeente; ${apHandreiking} (geen kleine achterstanden)`,
    soorten: ['vroegsignaal']
  }
)

const kleineAchterstand = criteriumrijen(
  {
    criterium: 'kleine-achterstand',
    tekst: 'De achterstand is ten minste € 50, waar de gemeente zelf geen drempelbedrag heeft.',
    afwijzing: 'De achterstand is lager dan € 50.',
    location: '/achterstand/bedragInCenten',
    herstel: 'Meld pas wanneer de achterstand hoger is.',
    toets: ({ achterstand }, { drempelbedragInCenten }) =>
      drempelbedragInCenten !== undefined
        ? 'niet-van-toepassing'
        : achterstand.bedragInCenten >= kleinsteBedragInCenten
  },
  {
    grondslag: `${apHandreiking} (geen kleine achterstanden); AVG art. 5 lid 1, aanhef en onder c`,
    soorten: ['vroegsignaal'],
    ernst: 'waarschuwen'
  }
)

type Dagen = {
  readonly min: number
  readonly max?: number
  /** Whether older arrears are let in with a warning. */
  readonly isLenient?: boolean
}

/** How old arrears must be on the signaaldatum, in days, both ends included; no maximum when left out. */
function achterstandTermijn(
  sectoren: readonly Sector[],
  { min, max = Number.POSITIVE_INFINITY, isLenient = false }: Dagen,
  van: IsoDate,
  tot?: IsoDate
): Criterium[] {
  const venster = max === Number.POSITIVE_INFINITY ? `ten minste ${min}` : `${min} tot en met ${max}`
  const kern: Kern = {
    criterium: 'achterstand-termijn',
    tekst: `De achterstand bestaat op de signaaldatum ${venster} dagen.${isLenient ? ' Langer geeft een waarschuwing.' : ''}`,
    afwijzing: `De achterstand bestaat op de signaaldatum niet ${venster} dagen.`,
    location: '/achterstand/ontstaansdatum',
    herstel: `Meld een achterstand die ${venster} dagen bestaat, of controleer de ontstaansdatum.`,
    toets: ({ achterstand, signaaldatum }) => {
      const dagen = daysBetween(achterstand.ontstaansdatum, signaaldatum)
      if (isLenient && dagen > max) return 'waarschuwing'
      return dagen >= min && dagen <= max
    }
  }
  const periode = tot === undefined ? { ingangsdatum: van } : { ingangsdatum: van, einddatum: tot }
  return criteriumrijen(kern, { grondslag: lcv, sectoren, soorten: ['vroegsignaal'], ...periode })
}

const energie: readonly Sector[] = ['elektriciteit', 'gas', 'warmte']

const achterstandTermijnen = [
  ...achterstandTermijn(['huur', 'drinkwater'], { min: 30 }, beginVroegsignalering),
  ...achterstandTermijn(energie, { min: 50, max: 100 }, beginVroegsignalering, '2022-11-30'),
  ...achterstandTermijn(energie, { min: 30 }, verruimingEnergie),
  // A payment plan that failed makes arrears older than the LCV foresaw; the resident needs help all the more.
  ...achterstandTermijn(['zorgverzekering'], { min: 30, max: 100, isLenient: true }, beginVroegsignalering),
  ...criteriumrijen(
    {
      criterium: 'achterstand-termijn',
      tekst: 'De achterstand is bij een crisissignaal niet na de signaaldatum ontstaan.',
      afwijzing: 'De achterstand is volgens het signaal pas na de signaaldatum ontstaan.',
      location: '/achterstand/ontstaansdatum',
      herstel: 'Controleer de ontstaansdatum.',
      toets: ({ achterstand, signaaldatum }) => achterstand.ontstaansdatum <= signaaldatum
    },
    { grondslag: 'AVG art. 5 lid 1, aanhef en onder d', soorten: signaalsoorten.filter(isCrisis) }
  )
]

const signaaldatumActueel = criteriumrijen(
  {
    criterium: 'signaaldatum-actueel',
    tekst: `De signaaldatum ligt niet in de toekomst en hoogstens ${maximaleOuderdomInDagen} dagen vóór de ontvangst.`,
    afwijzing: `De signaaldatum ligt in de toekomst, of meer dan ${maximaleOuderdomInDagen} dagen vóór de ontvangst.`,
    location: '/signaaldatum',
    herstel: 'Stel een nieuw signaal op met een actuele signaaldatum en het bedrag dat nu openstaat.',
    toets: ({ signaaldatum }, { vandaag }) =>
      signaaldatum <= vandaag && daysBetween(signaaldatum, vandaag) <= maximaleOuderdomInDagen
  },
  { grondslag: `AVG art. 5 lid 1, aanhef en onder d; ${apHandreiking}` },
  // Without this row no criterion would apply to a date from before the law, so the signal would pass.
  {
    grondslag: 'Wgs art. 3 lid 1, aanhef en onder b (in werking sinds 1 januari 2021, Stb. 2020, 239)',
    tekst: 'De signaaldatum ligt niet vóór het begin van de wettelijke taak op 1 januari 2021.',
    afwijzing: 'De signaaldatum ligt vóór het begin van de wettelijke taak op 1 januari 2021.',
    ingangsdatum: '1900-01-01',
    einddatum: '2020-12-31',
    toets: () => false
  }
)

/** The criteria on the amount and age of the arrears, and on the age of the signal. */
export const achterstandCriteria = [
  ...drempelbedrag,
  ...kleineAchterstand,
  ...achterstandTermijnen,
  ...signaaldatumActueel
]

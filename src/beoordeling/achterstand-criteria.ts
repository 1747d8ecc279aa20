import type { Sector } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'
import { daysBetween } from '../time.ts'
import type { Criterium } from './criterium.ts'
import type { Kern } from './criteriumrijen.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { apHandreiking, beginVroegsignalering, lcv } from './grondslagen.ts'

const maximaleOuderdomInDagen = 31
const verruimingEnergie = '2022-12-01'

const drempelbedrag = criteriumrijen(
  {
    criterium: 'drempelbedrag',
    tekst: 'De achterstand is niet lager dan het drempelbedrag van de gemeente voor de sector.',
    location: '/achterstand/bedragInCenten',
    herstel: 'Meld pas wanneer de achterstand het drempelbedrag van de gemeente bereikt.',
    toets: ({ achterstand }, { drempelbedragInCenten }) =>
      drempelbedragInCenten === undefined
        ? 'niet-van-toepassing'
        : achterstand.bedragInCenten >= drempelbedragInCenten
  },
  { grondslag: `Beleid van de gemeente; ${apHandreiking} (geen kleine achterstanden)` }
)

type Dagen = { readonly min: number; readonly max?: number }

/** How old arrears must be on the signaaldatum, in days, both ends included; no maximum when left out. */
function achterstandTermijn(
  sectoren: readonly Sector[],
  { min, max = Number.POSITIVE_INFINITY }: Dagen,
  van: IsoDate,
  tot?: IsoDate
): Criterium[] {
  const venster = max === Number.POSITIVE_INFINITY ? `ten minste ${min}` : `${min} tot en met ${max}`
  const kern: Kern = {
    criterium: 'achterstand-termijn',
    tekst: `De achterstand bestaat op de signaaldatum ${venster} dagen.`,
    location: '/achterstand/ontstaansdatum',
    herstel: `Meld een achterstand die ${venster} dagen bestaat, of controleer de ontstaansdatum.`,
    toets: ({ achterstand, signaaldatum }) => {
      const dagen = daysBetween(achterstand.ontstaansdatum, signaaldatum)
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
  ...achterstandTermijn(['zorgverzekering'], { min: 30, max: 100 }, beginVroegsignalering)
]

const signaaldatumActueel = criteriumrijen(
  {
    criterium: 'signaaldatum-actueel',
    tekst: `De signaaldatum ligt niet in de toekomst en hoogstens ${maximaleOuderdomInDagen} dagen vóór de ontvangst.`,
    location: '/signaaldatum',
    herstel: 'Stel een nieuw signaal op met een actuele signaaldatum en de stand van de achterstand van nu.',
    toets: ({ signaaldatum }, { vandaag }) =>
      signaaldatum <= vandaag && daysBetween(signaaldatum, vandaag) <= maximaleOuderdomInDagen
  },
  { grondslag: `AVG art. 5 lid 1, aanhef en onder d; ${apHandreiking}` },
  // Without this row no criterion would apply to a date from before the law, so the signal would pass.
  {
    grondslag: 'Wgs art. 3 lid 1, aanhef en onder b (in werking sinds 1 januari 2021, Stb. 2020, 239)',
    tekst: 'De signaaldatum ligt niet vóór het begin van de wettelijke taak op 1 januari 2021.',
    ingangsdatum: '1900-01-01',
    einddatum: '2020-12-31',
    toets: () => false
  }
)

/** The criteria on the amount and age of the arrears, and on the age of the signal. */
export const achterstandCriteria = [...drempelbedrag, ...achterstandTermijnen, ...signaaldatumActueel]

import { achterstandCriteria } from './achterstand-criteria.ts'
import { betrokkeneCriteria } from './betrokkene-criteria.ts'
import { crisisCriteria } from './crisis-criteria.ts'
import type { Criterium } from './criterium.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { lcv } from './grondslagen.ts'
import { incassoCriteria } from './incasso-criteria.ts'

const overeenkomstActief = criteriumrijen(
  {
    criterium: 'overeenkomst-actief',
    tekst:
      'Op de signaaldatum en vandaag geldt een overeenkomst van de signaalpartner met de gemeente voor de sector.',
    location: '/gemeentecode',
    herstel: 'Sluit eerst een overeenkomst met de gemeente voor deze sector, of controleer de gemeentecode.',
    toets: ({ gemeentecode }, { overeenkomstActief }) =>
      gemeentecode === undefined ? 'niet-van-toepassing' : overeenkomstActief
  },
  { grondslag: `${lcv} (overeenkomst per gemeente en signaalpartner); Bgs art. 3` }
)

const herhaaldeMelding = criteriumrijen(
  {
    criterium: 'herhaalde-melding',
    tekst: 'De achterstand is niet eerder gemeld, of is sindsdien hoger geworden.',
    location: '/achterstand/bedragInCenten',
    herstel: 'Meld binnen zes maanden alleen opnieuw wanneer de achterstand hoger is geworden.',
    toets: ({ achterstand }, { eerdereMelding }) =>
      eerdereMelding === undefined || achterstand.bedragInCenten > eerdereMelding.bedragInCenten
  },
  {
    grondslag: 'DDAS Vroegsignalering, resultaat "Niet opgepakt: herhaalde melding"',
    ernst: 'waarschuwen'
  }
)

/**
 * The law on early signals as rows: one per criterium, group of sectors and period. Rows that share a
 * slug and a sector never share a day. A new sector, threshold or period is a new row.
 */
export const criteria: readonly Criterium[] = [
  ...overeenkomstActief,
  ...betrokkeneCriteria,
  ...incassoCriteria,
  ...achterstandCriteria,
  ...crisisCriteria,
  ...herhaaldeMelding
]

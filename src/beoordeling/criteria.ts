import { isCrisis } from '../begrippen/vroegsignaal.ts'
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
    afwijzing:
      'Er geldt geen overeenkomst van u met deze gemeente voor deze sector, op de signaaldatum of vandaag.',
    location: '/gemeentecode',
    herstel: 'Sluit eerst een overeenkomst met de gemeente voor deze sector, of controleer de gemeentecode.',
    toets: ({ gemeentecode }, { overeenkomstActief }) =>
      gemeentecode === undefined ? 'niet-van-toepassing' : overeenkomstActief
  },
  {
    grondslag: `${lcv} (overeenkomst per gemeente en signaalpartner); AVG art. 5 lid 2 en art. 32`
  }
)

const herhaaldeMelding = criteriumrijen(
  {
    criterium: 'herhaalde-melding',
    tekst:
      'De achterstand is niet eerder gemeld, of is sindsdien hoger geworden. Een crisissignaal na een vroegsignaal is geen herhaling.',
    afwijzing: 'De achterstand is binnen zes maanden al gemeld en is sindsdien niet hoger geworden.',
    location: '/achterstand/bedragInCenten',
    herstel: 'Meld binnen zes maanden alleen opnieuw wanneer de achterstand hoger is geworden.',
    toets: ({ soort, achterstand }, { eerdereMelding }) => {
      if (eerdereMelding !== undefined) return achterstand.bedragInCenten > eerdereMelding.bedragInCenten
      return isCrisis(soort) ? 'niet-van-toepassing' : true
    }
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

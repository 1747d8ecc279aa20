import { isCrisis } from '../begrippen/vroegsignaal.ts'
import { addWorkingDays } from '../time.ts'
import type { Rij } from './criteriumrijen.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { apHandreiking, beginEnergiewet, eindeOudeEnergiewetten, energiewet, lcv } from './grondslagen.ts'
import { sectorregels } from './sectorregels.ts'

const aankondigingstermijnInWerkdagen = 20

const soortPastBijSector = criteriumrijen(
  {
    criterium: 'soort-past-bij-sector',
    tekst: 'De soort van het signaal kan in deze sector voorkomen.',
    location: '/soort',
    herstel:
      'Gebruik afsluitsignaal voor energie en drinkwater, ontruimingssignaal voor huur en royementssignaal voor de zorgverzekering.',
    toets: ({ soort, sector }) => !isCrisis(soort) || soort === sectorregels[sector].crisissoort
  },
  { grondslag: 'Wgs art. 4 lid 2; Bgs art. 3' }
)

const volgordeAfsluitsignaal = criteriumrijen(
  {
    criterium: 'volgorde-afsluitsignaal',
    tekst: 'Aan het afsluitsignaal is een vroegsignaal voor hetzelfde klantnummer voorafgegaan.',
    location: '/soort',
    herstel: 'Stuur eerst een vroegsignaal met hetzelfde klantnummer en pas daarna het afsluitsignaal.',
    toets: (_, { eerderVroegsignaal }) => eerderVroegsignaal
  },
  { ...energiewet, soorten: ['afsluitsignaal'] },
  {
    grondslag: `${lcv}; ${apHandreiking} (noodzaak en evenredigheid), in lijn met de Energieregeling`,
    sectoren: ['warmte'],
    soorten: ['afsluitsignaal'],
    ingangsdatum: beginEnergiewet
  }
)

const afsluitbeleid2023 =
  'Regeling afsluitbeleid voor kleinverbruikers van elektriciteit en gas (Stcrt. 2023, 10020)'
const elektriciteitEnGas = ['elektriciteit', 'gas'] as const

/** The term is law for electricity and gas since 1 April 2023; elsewhere it is agreed in the LCV. */
const aankondigingsrijen: readonly Rij[] = [
  { grondslag: lcv, sectoren: elektriciteitEnGas, einddatum: '2023-03-31' },
  {
    grondslag: afsluitbeleid2023,
    sectoren: elektriciteitEnGas,
    ingangsdatum: '2023-04-01',
    einddatum: eindeOudeEnergiewetten
  },
  {
    ...energiewet,
    grondslag: `${energiewet.grondslag} (eindeleveringssignaal); termijn als in ${afsluitbeleid2023}`
  },
  { grondslag: lcv, sectoren: ['warmte', 'drinkwater'] }
]

const aankondigingstermijn = criteriumrijen(
  {
    criterium: 'aankondigingstermijn',
    tekst: `Het afsluitsignaal komt ten minste ${aankondigingstermijnInWerkdagen} werkdagen vóór de geplande datum.`,
    location: '/geplandeDatum',
    herstel: 'Stel de geplande datum uit, zodat de gemeente tijd heeft om hulp aan te bieden.',
    toets: ({ signaaldatum, geplandeDatum }) =>
      geplandeDatum === undefined
        ? 'niet-van-toepassing'
        : addWorkingDays(signaaldatum, aankondigingstermijnInWerkdagen) <= geplandeDatum
  },
  ...aankondigingsrijen.map((rij) => ({
    ...rij,
    soorten: ['afsluitsignaal'] as const,
    ernst: 'waarschuwen' as const
  }))
)

/** The criteria on crisis signals: their kind, what must precede them, and how early they must come. */
export const crisisCriteria = [...soortPastBijSector, ...volgordeAfsluitsignaal, ...aankondigingstermijn]

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
    afwijzing: 'Deze soort signaal kan in deze sector niet voorkomen.',
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
    tekst:
      'Aan het afsluitsignaal is een vroegsignaal over dezelfde klant voorafgegaan, voor zover hier nog bekend.',
    afwijzing: 'Van deze klant is hier geen eerder vroegsignaal bekend.',
    location: '/soort',
    herstel:
      'Stuur voortaan eerst een vroegsignaal met hetzelfde klantnummer en pas daarna het afsluitsignaal.',
    toets: (_, { eerderVroegsignaal }) => eerderVroegsignaal
  },
  // The order is the supplier's duty, so it never keeps a crisis from the municipality.
  { ...energiewet, soorten: ['afsluitsignaal'], ernst: 'waarschuwen' },
  {
    grondslag: `${lcv}; ${apHandreiking} (noodzaak en evenredigheid), in lijn met de Energieregeling`,
    sectoren: ['warmte'],
    soorten: ['afsluitsignaal'],
    ernst: 'waarschuwen',
    ingangsdatum: beginEnergiewet
  }
)

const afsluitbeleid2023 =
  'Regeling afsluitbeleid voor kleinverbruikers van elektriciteit en gas (Stcrt. 2023, 10020)'
const elektriciteitEnGas = ['elektriciteit', 'gas'] as const

const warmteregeling2023 =
  'Warmtewet art. 4 lid 3 jo. Warmteregeling (zoals gewijzigd bij Stcrt. 2023, 10020)'

/** The term is law for energy since 1 April 2023; elsewhere it is agreed in the LCV. */
const aankondigingsrijen: readonly Rij[] = [
  { grondslag: lcv, sectoren: ['elektriciteit', 'gas', 'warmte'], einddatum: '2023-03-31' },
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
  { grondslag: warmteregeling2023, sectoren: ['warmte'], ingangsdatum: '2023-04-01' },
  { grondslag: lcv, sectoren: ['drinkwater'] }
]

const aankondigingstermijn = criteriumrijen(
  {
    criterium: 'aankondigingstermijn',
    tekst: `Het afsluitsignaal is ten minste ${aankondigingstermijnInWerkdagen} werkdagen vóór de geplande datum ontvangen.`,
    afwijzing: `Het afsluitsignaal is minder dan ${aankondigingstermijnInWerkdagen} werkdagen vóór de geplande datum ontvangen.`,
    location: '/geplandeDatum',
    herstel: 'Stel de geplande datum uit, zodat de gemeente tijd heeft om hulp aan te bieden.',
    toets: ({ geplandeDatum }, { vandaag }) =>
      geplandeDatum === undefined
        ? 'niet-van-toepassing'
        : addWorkingDays(vandaag, aankondigingstermijnInWerkdagen) <= geplandeDatum
  },
  ...aankondigingsrijen.map((rij) => ({
    ...rij,
    soorten: ['afsluitsignaal'] as const,
    ernst: 'waarschuwen' as const
  })),
  {
    grondslag: 'Wgs art. 4 lid 2; AVG art. 5 lid 1, aanhef en onder d',
    sectoren: ['huur', 'zorgverzekering'],
    soorten: ['ontruimingssignaal', 'royementssignaal'],
    ernst: 'waarschuwen',
    tekst: 'De geplande datum is bij de ontvangst van het signaal niet voorbij.',
    afwijzing: 'De geplande datum is al voorbij.',
    herstel: 'Controleer de geplande datum en meld een crisis zodra zij gepland is.',
    toets: ({ geplandeDatum }, { vandaag }) =>
      geplandeDatum === undefined ? 'niet-van-toepassing' : geplandeDatum >= vandaag
  }
)

/** The criteria on crisis signals: their kind, what must precede them, and how early they must come. */
export const crisisCriteria = [...soortPastBijSector, ...volgordeAfsluitsignaal, ...aankondigingstermijn]

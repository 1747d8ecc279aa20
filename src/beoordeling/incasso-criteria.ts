import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'
import type { Rij } from './criteriumrijen.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import {
  apHandreiking,
  beginEnergiewet,
  bgs2,
  drinkwaterwet,
  eindeOudeEnergiewetten,
  elektriciteitswet,
  energiewet,
  gaswet,
  lcv,
  leveringswetten,
  zorgverzekeringswet
} from './grondslagen.ts'

/** The legal sources for collection in every sector; `onderdeel` is the letter of Bgs art. 2 for landlords. */
function incassorijen(onderdeel: 'b' | 'c' | 'd'): Rij[] {
  return [bgs2(onderdeel), ...leveringswetten, zorgverzekeringswet]
}

function isBy(day: IsoDate | undefined, signaaldatum: IsoDate): boolean {
  return day !== undefined && day <= signaaldatum
}

/** The reminders up to the signaaldatum; a later one is no evidence. */
function sentReminders({ socialeIncasso, signaaldatum }: AangeleverdSignaal): IsoDate[] {
  return socialeIncasso.herinneringen?.filter((day) => isBy(day, signaaldatum)) ?? []
}

const alleenVoorAfsluiting = 'persoonlijk contact wettelijk vereist vóór beëindiging van de levering'

const persoonlijkContact = criteriumrijen(
  {
    criterium: 'persoonlijk-contact',
    tekst:
      'De signaalpartner heeft zich vóór het signaal ingespannen om in persoonlijk contact te komen en te wijzen op manieren om de achterstand te beëindigen.',
    location: '/socialeIncasso/persoonlijkContact',
    herstel: 'Zoek persoonlijk contact en geef datum en kanaal op, uiterlijk op de signaaldatum.',
    toets: ({ socialeIncasso, signaaldatum }) =>
      socialeIncasso.persoonlijkContact?.some(({ datum }) => isBy(datum, signaaldatum)) ?? false
  },
  bgs2('a'),
  {
    ...elektriciteitswet,
    grondslag: `${elektriciteitswet.grondslag} (${alleenVoorAfsluiting}); ${lcv}`,
    ernst: 'waarschuwen'
  },
  { ...gaswet, grondslag: `${gaswet.grondslag} (${alleenVoorAfsluiting}); ${lcv}`, ernst: 'waarschuwen' },
  energiewet,
  { grondslag: lcv, sectoren: ['warmte'], einddatum: eindeOudeEnergiewetten, ernst: 'waarschuwen' },
  {
    grondslag: `${lcv}; ${apHandreiking} (sociale incasso)`,
    sectoren: ['warmte'],
    ingangsdatum: beginEnergiewet
  },
  drinkwaterwet,
  zorgverzekeringswet
)

const gewezenOpSchuldhulpverlening = criteriumrijen(
  {
    criterium: 'gewezen-op-schuldhulpverlening',
    tekst: 'De betrokkene is vóór het signaal gewezen op de mogelijkheden van schuldhulpverlening.',
    location: '/socialeIncasso/gewezenOpSchuldhulpverlening',
    herstel: 'Wijs de betrokkene op schuldhulpverlening en geef de datum op, uiterlijk op de signaaldatum.',
    toets: ({ socialeIncasso, signaaldatum }) =>
      isBy(socialeIncasso.gewezenOpSchuldhulpverlening, signaaldatum)
  },
  ...incassorijen('b')
)

const schriftelijkeHerinnering = criteriumrijen(
  {
    criterium: 'schriftelijke-herinnering',
    tekst: 'Er is vóór het signaal ten minste één schriftelijke herinnering over de achterstand gestuurd.',
    location: '/socialeIncasso/herinneringen',
    herstel: 'Stuur een schriftelijke herinnering en geef de datum op, uiterlijk op de signaaldatum.',
    toets: (signaal) => sentReminders(signaal).length > 0
  },
  ...incassorijen('c')
)

const aanbodGegevensdeling = criteriumrijen(
  {
    criterium: 'aanbod-gegevensdeling',
    tekst: 'In een herinnering is aangeboden de contactgegevens met de gemeente te delen.',
    location: '/socialeIncasso/aanbodGegevensdeling',
    herstel: 'Doe het aanbod in een schriftelijke herinnering en geef de datum van die herinnering op.',
    toets: (signaal) =>
      sentReminders(signaal).some((day) => day === signaal.socialeIncasso.aanbodGegevensdeling)
  },
  ...incassorijen('d')
)

// A missing reaction is not evidence of 'geen', so it does not pass.
const geenBezwaar = criteriumrijen(
  {
    criterium: 'geen-bezwaar',
    tekst: 'De betrokkene heeft niet afwijzend gereageerd op het aanbod om gegevens te delen.',
    location: '/socialeIncasso/reactie',
    herstel: 'Geef de reactie op het aanbod op; heeft de betrokkene bezwaar, dan mag het signaal niet.',
    toets: ({ socialeIncasso: { reactie } }, { bezwaarGeregistreerd }) =>
      !bezwaarGeregistreerd && reactie !== undefined && reactie !== 'bezwaar'
  },
  ...incassorijen('d')
)

const geenNagekomenRegeling = criteriumrijen(
  {
    criterium: 'geen-nagekomen-regeling',
    tekst: 'Er is geen betalingsregeling die wordt nagekomen.',
    location: '/betalingsregeling',
    herstel: 'Meld pas wanneer de betalingsregeling niet meer wordt nagekomen.',
    toets: ({ betalingsregeling }) => betalingsregeling !== 'wordt-nagekomen'
  },
  { grondslag: `${apHandreiking} (noodzaak en evenredigheid); AVG art. 5 lid 1, aanhef en onder c` }
)

/** The criteria on what the partner did first, and on objections and payment plans of the resident. */
export const incassoCriteria = [
  ...persoonlijkContact,
  ...gewezenOpSchuldhulpverlening,
  ...schriftelijkeHerinnering,
  ...aanbodGegevensdeling,
  ...geenBezwaar,
  ...geenNagekomenRegeling
]

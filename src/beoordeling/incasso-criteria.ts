import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'
import { daysBetween } from '../time.ts'
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

const dagenOmTeReageren = 14

/**
 * The legal sources for collection in every sector; `onderdeel` is the letter of Bgs art. 2 for landlords, `water` the
 * article of the Regeling for drinking water companies.
 */
function incassorijen(onderdeel: 'b' | 'c' | 'd', water: Parameters<typeof drinkwaterwet>[0]): Rij[] {
  return [bgs2(onderdeel), ...leveringswetten(drinkwaterwet(water)), zorgverzekeringswet]
}

/** True for a day on which something was done about these arrears; what was done before or after them is no evidence. */
function isEvidence(day: IsoDate | undefined, { achterstand, signaaldatum }: AangeleverdSignaal): boolean {
  return day !== undefined && achterstand.ontstaansdatum <= day && day <= signaaldatum
}

function sentReminders(signaal: AangeleverdSignaal): IsoDate[] {
  return signaal.socialeIncasso.herinneringen?.filter((day) => isEvidence(day, signaal)) ?? []
}

const tussen = 'vanaf de ontstaansdatum en uiterlijk op de signaaldatum'
const alleenVoorAfsluiting = 'persoonlijk contact wettelijk vereist vóór beëindiging van de levering'

const persoonlijkContact = criteriumrijen(
  {
    criterium: 'persoonlijk-contact',
    tekst:
      'De signaalpartner heeft zich tussen het ontstaan van de achterstand en het signaal ingespannen om in persoonlijk contact te komen en te wijzen op manieren om de achterstand te beëindigen.',
    afwijzing: 'Er is over deze achterstand geen persoonlijk contact gezocht vóór het signaal.',
    location: '/socialeIncasso/persoonlijkContact',
    herstel: `Zoek persoonlijk contact en geef datum en kanaal op, ${tussen}.`,
    toets: (signaal) =>
      signaal.socialeIncasso.persoonlijkContact?.some(({ datum }) => isEvidence(datum, signaal)) ?? false
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
  { ...drinkwaterwet('4'), grondslag: `${drinkwaterwet('4').grondslag}; ${apHandreiking} (sociale incasso)` },
  zorgverzekeringswet
)

const gewezenOpSchuldhulpverlening = criteriumrijen(
  {
    criterium: 'gewezen-op-schuldhulpverlening',
    tekst:
      'De betrokkene is tussen het ontstaan van de achterstand en het signaal gewezen op de mogelijkheden van schuldhulpverlening.',
    afwijzing: 'De betrokkene is bij deze achterstand niet vóór het signaal gewezen op schuldhulpverlening.',
    location: '/socialeIncasso/gewezenOpSchuldhulpverlening',
    herstel: `Wijs de betrokkene op schuldhulpverlening en geef de datum op, ${tussen}.`,
    toets: (signaal) => isEvidence(signaal.socialeIncasso.gewezenOpSchuldhulpverlening, signaal)
  },
  ...incassorijen('b', '3 lid 2, onder a')
)

const schriftelijkeHerinnering = criteriumrijen(
  {
    criterium: 'schriftelijke-herinnering',
    tekst:
      'Er is tussen het ontstaan van de achterstand en het signaal ten minste één schriftelijke herinnering gestuurd.',
    afwijzing: 'Er is over deze achterstand geen schriftelijke herinnering gestuurd vóór het signaal.',
    location: '/socialeIncasso/herinneringen',
    herstel: `Stuur een schriftelijke herinnering en geef de datum op, ${tussen}.`,
    toets: (signaal) => sentReminders(signaal).length > 0
  },
  ...incassorijen('c', '3 lid 1')
)

const aanbodGegevensdeling = criteriumrijen(
  {
    criterium: 'aanbod-gegevensdeling',
    tekst:
      'In een herinnering over de achterstand is aangeboden de contactgegevens met de gemeente te delen.',
    afwijzing:
      'Er is niet in een herinnering over deze achterstand aangeboden de contactgegevens met de gemeente te delen.',
    location: '/socialeIncasso/aanbodGegevensdeling',
    herstel: 'Doe het aanbod in een schriftelijke herinnering en geef de datum van die herinnering op.',
    toets: (signaal) =>
      sentReminders(signaal).some((day) => day === signaal.socialeIncasso.aanbodGegevensdeling)
  },
  ...incassorijen('d', '3 lid 2, onder b')
)

const reactietermijnAanbod = criteriumrijen(
  {
    criterium: 'reactietermijn-aanbod',
    tekst: `De betrokkene had ten minste ${dagenOmTeReageren} dagen om op het aanbod te reageren.`,
    afwijzing: `Tussen het aanbod en het signaal liggen minder dan ${dagenOmTeReageren} dagen.`,
    location: '/socialeIncasso/aanbodGegevensdeling',
    herstel: `Geef het signaal pas ${dagenOmTeReageren} dagen na het aanbod.`,
    toets: ({ socialeIncasso: { aanbodGegevensdeling: aanbod }, signaaldatum }) =>
      aanbod === undefined ? 'niet-van-toepassing' : daysBetween(aanbod, signaaldatum) >= dagenOmTeReageren
  },
  {
    grondslag: `AVG art. 5 lid 1, aanhef en onder a (behoorlijkheid); ${apHandreiking}; termijn als in BW art. 6:96 lid 6`,
    ernst: 'waarschuwen'
  }
)

// A missing reaction is not evidence of 'geen', so it does not pass.
const geenBezwaar = criteriumrijen(
  {
    criterium: 'geen-bezwaar',
    tekst: 'De betrokkene heeft niet afwijzend gereageerd op het aanbod om gegevens te delen.',
    afwijzing:
      'De betrokkene heeft bezwaar tegen het delen van gegevens, of de reactie op het aanbod ontbreekt.',
    location: '/socialeIncasso/reactie',
    herstel:
      'Geef de reactie op het aanbod op. Heeft de betrokkene bezwaar gemaakt tegen het delen van gegevens, dan mag u dit signaal niet geven.',
    toets: ({ socialeIncasso: { reactie } }, { bezwaarGeregistreerd }) =>
      !bezwaarGeregistreerd && reactie !== undefined && reactie !== 'bezwaar'
  },
  ...incassorijen('d', '5')
)

const geenNagekomenRegeling = criteriumrijen(
  {
    criterium: 'geen-nagekomen-regeling',
    tekst: 'Er is geen betalingsregeling die wordt nagekomen.',
    afwijzing: 'Er is een betalingsregeling die wordt nagekomen; dan mag u niet melden.',
    location: '/betalingsregeling',
    herstel: 'Hebt u al gemeld, trek het signaal dan in.',
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
  ...reactietermijnAanbod,
  ...geenBezwaar,
  ...geenNagekomenRegeling
]

import type { AangeleverdSignaal, Sector } from '../../src/begrippen/vroegsignaal.ts'
import { sectorregels } from '../../src/beoordeling/sectorregels.ts'
import { addDays, isRealDate } from '../../src/time.ts'

/** Fields to replace, also nested ones. `undefined` removes a field. A list is replaced as a whole. */
export type Overrides = { readonly [field: string]: unknown }

/** A test number that passes the 11-test but is never issued. */
export const testBsn = '999990019'
const defaultSignaaldatum = '2026-11-20'

/** A body for huur that meets every criterium on its signaaldatum. Its other dates are relative to that day. */
export function aSignal(overrides: Overrides = {}): AangeleverdSignaal {
  return aSignalFor('huur', overrides)
}

/** The same for any sector, with the identification that the sector sends. Crisis kinds get a geplandeDatum. */
export function aSignalFor(sector: Sector, overrides: Overrides = {}): AangeleverdSignaal {
  const { signaaldatum, soort } = overrides
  const day =
    typeof signaaldatum === 'string' && isRealDate(signaaldatum) ? signaaldatum : defaultSignaaldatum
  const isOrdinary = soort === undefined || soort === 'vroegsignaal'
  const planned = isOrdinary ? {} : { geplandeDatum: addDays(day, 42) }
  const valid = { ...validSignal(sector, day), ...planned }
  return merge(merge(valid, identificationFor(sector)), overrides) as AangeleverdSignaal
}

function validSignal(sector: Sector, signaaldatum: string): AangeleverdSignaal {
  return {
    referentie: `${sector.toUpperCase()}-2026-000123`,
    soort: 'vroegsignaal',
    sector,
    signaaldatum,
    gemeentecode: '0177',
    betrokkene: {
      soort: 'natuurlijk-persoon',
      naam: { voorletters: 'T.', voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' },
      geboortedatum: '1985-06-15',
      telefoonnummer: '+31600000000',
      emailadres: 'proefpersoon@voorbeeld.example'
    },
    adres: { straat: 'Verzonnenstraat', huisnummer: 10, postcode: '8101AA', woonplaats: 'Raalte' },
    achterstand: {
      bedragInCenten: 84_500,
      ontstaansdatum: addDays(signaaldatum, -75),
      aantalTermijnen: 2
    },
    socialeIncasso: {
      persoonlijkContact: [{ datum: addDays(signaaldatum, -30), kanaal: 'telefoon' }],
      herinneringen: [addDays(signaaldatum, -55), addDays(signaaldatum, -40)],
      gewezenOpSchuldhulpverlening: addDays(signaaldatum, -40),
      aanbodGegevensdeling: addDays(signaaldatum, -40),
      reactie: 'geen'
    },
    betalingsregeling: 'geen'
  }
}

function identificationFor(sector: Sector): Overrides {
  const { klantnummerVerwacht, burgerservicenummerToegestaan } = sectorregels[sector]
  return {
    ...(klantnummerVerwacht && { klantnummer: 'KLANT-0000123' }),
    ...(burgerservicenummerToegestaan && { betrokkene: { burgerservicenummer: testBsn } })
  }
}

function merge(base: object, overrides: Overrides): object {
  const merged: Record<string, unknown> = { ...base }
  for (const [field, value] of Object.entries(overrides)) {
    if (value === undefined) delete merged[field]
    else merged[field] = isRecord(value) && isRecord(merged[field]) ? merge(merged[field], value) : value
  }
  return merged
}

function isRecord(value: unknown): value is Overrides {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { aanduidingOf } from '../../../src/adressen/aanduiding.ts'
import type { Registerinhoud } from '../../../src/adressen/open-resolver.ts'
import type { Home } from './generate-homes.ts'

/** What the register holds once these homes were loaded as a BAG export. */
export function registerOf(homes: readonly Home[]): Registerinhoud {
  const adressen = homes.flatMap((home) => {
    const { postcode, huisnummer, nummeraanduiding } = home
    return nummeraanduiding
      ? [{ postcode, huisnummer, aanduiding: aanduidingOf(home), nummeraanduiding }]
      : []
  })
  const postcodes = [...new Set(adressen.map(({ postcode }) => postcode))].map((postcode) => ({ postcode }))
  return { adressen, postcodes }
}

/** The same homes as the CSV of a BAG export. */
export function registerCsv(homes: readonly Home[]): string {
  const rows = homes
    .filter(({ nummeraanduiding }) => nummeraanduiding !== undefined)
    .map(({ postcode, huisnummer, huisletter, huisnummertoevoeging, nummeraanduiding, gemeentecode }) =>
      [postcode, huisnummer, huisletter, huisnummertoevoeging, nummeraanduiding, gemeentecode].join(';')
    )
  return ['postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode', ...rows].join(
    '\n'
  )
}

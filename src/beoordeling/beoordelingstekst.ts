import type { Uitkomst } from './criterium.ts'

/** The outcome of a criterion for an admitted signal. */
export type Toelating = Exclude<Uitkomst, 'afwijzing'>

/** The criteria of an admitted signal with their outcomes, in a fixed order. */
export type Criteriumuitkomst = { readonly criterium: string; readonly uitkomst: Toelating }

const letters: Readonly<Record<Toelating, string>> = {
  voldaan: 'v',
  waarschuwing: 'w',
  'niet-van-toepassing': 'n'
}
// Of a criterion that did not exist yet when the signal was weighed.
const unknown = '-'
const outcomes = new Map(Object.entries(letters).map(([uitkomst, letter]) => [letter, uitkomst as Toelating]))

/**
 * The criteria in the order in which each version of the text has their outcomes. Texts live as long as signals, so a
 * version never changes: another criterion, or another order, is a new version at the end.
 */
export const criteriumversies: readonly (readonly string[])[] = [
  [
    'overeenkomst-actief',
    'natuurlijk-persoon',
    'meerderjarig',
    'bsn-alleen-zorgverzekeraar',
    'bsn-elfproef',
    'klantnummer-aanwezig',
    'adres-in-gemeente',
    'adres-bekend',
    'persoonlijk-contact',
    'gewezen-op-schuldhulpverlening',
    'schriftelijke-herinnering',
    'aanbod-gegevensdeling',
    'reactietermijn-aanbod',
    'geen-bezwaar',
    'geen-nagekomen-regeling',
    'drempelbedrag',
    'kleine-achterstand',
    'achterstand-termijn',
    'signaaldatum-actueel',
    'soort-past-bij-sector',
    'volgorde-afsluitsignaal',
    'aankondigingstermijn',
    'herhaalde-melding'
  ]
]

/** Writes the outcomes of an admitted signal as a version and a letter per criterion. */
export function writeBeoordeling(uitkomsten: readonly Criteriumuitkomst[]): string {
  const found = new Map(uitkomsten.map(({ criterium, uitkomst }) => [criterium, letters[uitkomst]]))
  const text = criteriumversies.at(-1)!.map((criterium) => found.get(criterium) ?? unknown)
  return `${criteriumversies.length} ${text.join('')}`
}

/** Reads what `writeBeoordeling` wrote, by the version that it was written in. */
export function readBeoordeling(text: string): Criteriumuitkomst[] {
  const [versie, written = ''] = text.split(' ')
  const criteria = criteriumversies[Number(versie) - 1] ?? []
  return criteria.flatMap((criterium, index) => {
    const uitkomst = outcomes.get(written[index]!)
    return uitkomst === undefined ? [] : [{ criterium, uitkomst }]
  })
}

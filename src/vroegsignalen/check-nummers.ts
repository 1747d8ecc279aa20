import { bodyFault, type Fault } from '../platform/http/problem.ts'
import { isShortened } from './is-shortened.ts'
import type { SignaalInvoer } from './vroegsignaal-schema.ts'

/** Faults of the numbers of a signal that have the right form and cannot be what they should be. */
export function nummerFaults({ referentie, klantnummer, adres }: SignaalInvoer): Fault[] {
  return [
    ...shortenedFault('/referentie', referentie),
    ...shortenedFault('/klantnummer', klantnummer),
    ...bagFault(adres.nummeraanduidingIdentificatie)
  ]
}

// The same text for many customers, so that the earlier signal of one would vouch for another.
function shortenedFault(location: string, text: string | undefined): Fault[] {
  if (text === undefined || !isShortened(text)) return []
  const detail =
    'Een spreadsheet heeft dit lange nummer ingekort, zoals 8,71687E+17. Geef de kolom de opmaak Tekst en vul het nummer opnieuw in.'
  return [bodyFault(location, 'shortened', detail)]
}

// The kinds of object in the BAG, which stand in the fifth and sixth digit of an id.
const wanted = '20'
const otherKinds: Readonly<Record<string, string>> = {
  '01': 'een verblijfsobject',
  '02': 'een ligplaats',
  '03': 'een standplaats',
  '10': 'een pand',
  '30': 'een openbare ruimte'
}

function bagFault(id: string | undefined): Fault[] {
  const kind = id?.slice(4, 6)
  if (kind === undefined || kind === wanted) return []
  const detail = `Dit is het kenmerk van ${otherKinds[kind] ?? 'iets anders'}. Geef dat van de nummeraanduiding: 16 cijfers, het vijfde en zesde ${wanted}.`
  return [bodyFault('/adres/nummeraanduidingIdentificatie', 'objectsoort', detail)]
}

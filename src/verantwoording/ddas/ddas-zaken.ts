import { ddasContactsoorten, ddasDagdelen } from '../../begrippen/ddas.ts'
import { type Eindresultaat, gevolgVan } from '../../begrippen/eindresultaat.ts'
import { addMonths } from '../../time.ts'
import type { DdasContactpoging, DdasVroegsignaalzaak } from './ddas-schema.ts'
import type { TeLeverenContactpoging, TeLeverenZaak, Zaaksignaal } from './ddas-store.ts'

/** The result of each signal's last case, where that is about the signal. */
export function resultatenPerSignaal(zaken: readonly TeLeverenZaak[]): Map<string, Eindresultaat> {
  const found = new Map<string, Eindresultaat>()
  for (const { resultaat, signalen } of zaken.toSorted(byEnd)) {
    for (const { vroegsignaalId, buitenResultaat } of signalen) {
      if (resultaat === null || buitenResultaat) found.delete(vroegsignaalId)
      else found.set(vroegsignaalId, resultaat)
    }
  }
  return found
}

// One that is open comes last.
function byEnd(one: TeLeverenZaak, other: TeLeverenZaak): number {
  const endOf = ({ afgeslotenOp }: TeLeverenZaak) => afgeslotenOp?.getTime() ?? Number.MAX_SAFE_INTEGER
  return endOf(one) - endOf(other)
}

/**
 * A case as DDAS has it, with those of its signals that are delivered. The standard gives a case one result, and a result may
 * be a fact about one person: the signals of others on the address make a case of their own, without a result.
 */
export function toDdasZaken(
  zaak: TeLeverenZaak,
  contactpogingen: readonly TeLeverenContactpoging[],
  isGeleverd: (signaal: Zaaksignaal) => boolean
): DdasVroegsignaalzaak[] {
  const { resultaat, datumOpgepakt, signalen } = zaak
  const geleverd = signalen.filter(isGeleverd)
  const parts = Map.groupBy(geleverd, ({ buitenResultaat }) => buitenResultaat)
  return [...parts].map(([buitenResultaat, ofOne]) => ({
    ...(resultaat !== null && !buitenResultaat && { resultaat: gevolgVan(resultaat).ddas }),
    ...matchingOf(zaak),
    datumOpgepakt,
    vroegsignalen: ofOne.map(({ vroegsignaalId }) => ({ ID: vroegsignaalId })),
    contactpogingen: contactpogingen.map(toDdasContactpoging)
  }))
}

// Signals are matched as they come in: with those of the same month and of the six months before it.
function matchingOf({ signalen }: TeLeverenZaak) {
  const newest = signalen
    .map(({ ontvangstdatum }) => ontvangstdatum)
    .sort()
    .at(-1)!
  return {
    matchingsdatum: newest,
    startdatumMatchingperiode: addMonths(`${newest.slice(0, 7)}-01`, -6),
    einddatumMatchingperiode: newest
  }
}

function toDdasContactpoging({ soort, bereikt, datum, dagdeel }: TeLeverenContactpoging): DdasContactpoging {
  return {
    soort: ddasContactsoorten[soort],
    bereikt,
    datum,
    ...(dagdeel !== null && { dagdeel: ddasDagdelen[dagdeel] })
  }
}

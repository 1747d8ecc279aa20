import { randomUUIDv7 } from 'node:crypto'
import type { Tables } from '../../begrippen/tables.ts'
import { incassopauzeDagen, type Terugkoppelcode } from '../../begrippen/terugkoppelcode.ts'
import { type Place, sealFor } from '../../platform/crypto/seal-row.ts'
import { addGebeurtenissen } from '../../sporen/gebeurtenis-store.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { addDays, type IsoDate } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { BehandeldSignaal } from '../../vroegsignalen/hold-vroegsignalen.ts'
import { addTerugkoppelingen } from './terugkoppeling-store.ts'

/** A code, and the signals about which partners hear it. */
type Bericht = { readonly signals: readonly BehandeldSignaal[]; readonly code: Terugkoppelcode }

/**
 * Gives each partner one code about its own signal; partners hear about their signals in no other way. `dag` is the day
 * from which collection is paused, for a code that does that. Of a signal that was sent on to another municipality the
 * partner has heard the last: a word from there would tell where the resident lives now.
 */
export async function giveTerugkoppeling(
  handeling: Handeling,
  signals: readonly BehandeldSignaal[],
  code: Terugkoppelcode,
  dag: IsoDate
): Promise<void> {
  await giveTerugkoppelingen(handeling, [{ signals, code }], dag)
}

/** Gives several codes, each about its own signals, as `giveTerugkoppeling` does; at once, for the order of locks. */
export async function giveTerugkoppelingen(
  { tx, keys, now }: Handeling,
  berichten: readonly Bericht[],
  dag: IsoDate
): Promise<void> {
  const coded = berichten.flatMap(({ signals, code }) =>
    signals.filter(({ row }) => row.doorgezondenVan === null).map((signal) => ({ ...signal, code }))
  )
  const dataKeys = await keys.findDataKeys(coded.map(({ row }) => row.sleuteldag))
  const given = coded.map(({ row, signaal, code }) => {
    const { gemeentecode, signaalpartnerId, persoonIndex, sleuteldag } = row
    const place = terugkoppelingPlace(signaalpartnerId, randomUUIDv7())
    return {
      gemeentecode,
      id: place.id,
      signaalpartnerId,
      vroegsignaalId: row.id,
      code,
      op: now,
      incassopauzeTotEnMet: lastDayOfPause(code, dag),
      betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
      vernietigingsdatum: sleuteldag,
      inhoud: sealFor(dataKeys.get(sleuteldag)!, place, signaal.referentie)
    }
  })
  await addTerugkoppelingen(tx, given)
  addGebeurtenissen(
    tx,
    given.map(({ gemeentecode, vroegsignaalId }) => ({
      gemeentecode,
      soort: 'nl.vroegsignalering.terugkoppeling-gegeven',
      vroegsignaalId
    }))
  )
}

function lastDayOfPause(code: Terugkoppelcode, dag: IsoDate): IsoDate | null {
  const pauze = incassopauzeDagen(code)
  return pauze === undefined ? null : addDays(dag, pauze)
}

/** The row that the reference in a terugkoppeling is bound to; by partner, because the row may change municipality. */
export function terugkoppelingPlace(signaalpartnerId: string, id: string): Place {
  return { table: 'terugkoppeling' satisfies keyof Tables, tenant: signaalpartnerId, id }
}

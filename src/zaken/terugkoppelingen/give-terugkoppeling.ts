import { randomUUIDv7 } from 'node:crypto'
import type { Tables } from '../../begrippen/tables.ts'
import { incassopauzeDagen, type Terugkoppelcode } from '../../begrippen/terugkoppelcode.ts'
import { type Place, sealFor } from '../../platform/crypto/seal-row.ts'
import { pseudonymOf } from '../../sporen/log-processing.ts'
import { addDays, type IsoDate } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { BehandeldSignaal } from '../../vroegsignalen/hold-vroegsignalen.ts'
import { addTerugkoppelingen } from './terugkoppeling-store.ts'

/**
 * Gives each partner one code about its own signal; partners hear about their signals in no other way. `dag` is the day
 * from which collection is paused, for a code that does that.
 */
export async function giveTerugkoppeling(
  { tx, keys, now }: Handeling,
  signals: readonly BehandeldSignaal[],
  code: Terugkoppelcode,
  dag: IsoDate
): Promise<void> {
  const dataKeys = await keys.findDataKeys(signals.map(({ row }) => row.sleuteldag))
  const pauze = incassopauzeDagen(code)
  const incassopauzeTotEnMet = pauze === undefined ? null : addDays(dag, pauze)
  const given = signals.map(({ row, signaal }) => {
    const { gemeentecode, signaalpartnerId, persoonIndex, sleuteldag } = row
    const place = terugkoppelingPlace(signaalpartnerId, randomUUIDv7())
    return {
      gemeentecode,
      id: place.id,
      signaalpartnerId,
      vroegsignaalId: row.id,
      code,
      op: now,
      incassopauzeTotEnMet,
      betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
      vernietigingsdatum: sleuteldag,
      inhoud: sealFor(dataKeys.get(sleuteldag)!, place, signaal.referentie)
    }
  })
  await addTerugkoppelingen(tx, given)
}

/** The row that the reference in a terugkoppeling is bound to; by partner, because the row may change municipality. */
export function terugkoppelingPlace(signaalpartnerId: string, id: string): Place {
  return { table: 'terugkoppeling' satisfies keyof Tables, tenant: signaalpartnerId, id }
}

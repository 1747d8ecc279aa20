import { randomUUIDv7 } from 'node:crypto'
import { incassopauzeDagen, type Terugkoppelcode } from '../../begrippen/terugkoppelcode.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { seal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { addDays, type IsoDate } from '../../time.ts'
import { pseudonymOf } from '../../vroegsignalen/signal-indexes.ts'
import type { BehandeldSignaal } from '../hold-signals.ts'
import { addFeedback } from './terugkoppeling-store.ts'

/**
 * Tells each partner one word of the whitelist about its own signal; the only way in which a partner hears anything.
 * `dag`: the day from which collection rests, where the word brings that.
 */
export async function giveFeedback(
  tx: Tx,
  keys: KeyRing,
  signals: readonly BehandeldSignaal[],
  code: Terugkoppelcode,
  { now, dag }: { now: Date; dag: IsoDate }
): Promise<void> {
  const dataKeys = await keys.findDataKeys(signals.map(({ row }) => row.sleuteldag))
  const pauze = incassopauzeDagen(code)
  await addFeedback(
    tx,
    signals.map(({ row, signaal }) => {
      const id = randomUUIDv7()
      return {
        gemeentecode: row.gemeentecode,
        id,
        signaalpartnerId: row.signaalpartnerId,
        vroegsignaalId: row.id,
        code,
        op: now,
        incassopauzeTotEnMet: pauze === undefined ? null : addDays(dag, pauze),
        betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
        vernietigingsdatum: row.sleuteldag,
        inhoud: seal(dataKeys.get(row.sleuteldag)!, Buffer.from(signaal.referentie), feedbackContext(id))
      }
    })
  )
}

/** What the sealed reference of a feedback is bound to. */
export function feedbackContext(id: string): string {
  return `terugkoppeling|${id}`
}

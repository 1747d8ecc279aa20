import { underDuty } from '../platform/database/under-duty.ts'
import { Problem } from '../platform/http/problem.ts'
import { secondsToTomorrow, todayIn } from '../time.ts'
import { addZoekvraag } from './dagverbruik-store.ts'
import type { Handeling } from './handeling.ts'

/**
 * Takes a look-up of a resident from what the client may do today, in the transaction of the look-up: exact over all
 * instances, and what fails costs nothing. Throws te-veel-verzoeken when `most` have been done.
 */
export async function spendZoekvraag(
  { tx, caller, now }: Pick<Handeling, 'tx' | 'caller' | 'now'>,
  most: number
): Promise<void> {
  if (most === 0) return
  if (await underDuty(tx, 'toegang', () => addZoekvraag(tx, caller.id, todayIn(now), most))) return
  const detail = `Uw client zocht vandaag al ${most} keer naar inwoners; meer kan morgen weer, of overleg met de beheerder.`
  throw new Problem('te-veel-verzoeken', {
    detail,
    retryAfter: secondsToTomorrow(now),
    event: 'too-many-look-ups'
  })
}

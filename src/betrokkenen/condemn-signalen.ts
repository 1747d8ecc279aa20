import type { Vernietigingsgrond } from '../begrippen/vernietigingsgrond.ts'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { logVroegsignalen } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { bringBetwistingenForward } from '../zaken/betwistingen/betwisting-store.ts'
import { condemnGehouden } from './betrokkene-store.ts'
import type { GehoudenSignaal } from './find-betrokkene.ts'

/**
 * Takes signals out of every list at the commit, makes them due for destruction at once, and logs why. A case or a
 * restriction does not hold them back: the resident asked for this, or objected.
 */
export async function condemnSignalen(
  handeling: Handeling,
  gemeentecode: string,
  signalen: readonly GehoudenSignaal[],
  {
    grond,
    activiteit
  }: { grond: Vernietigingsgrond & ('wissing' | 'bezwaar'); activiteit: Verwerkingsactiviteit }
): Promise<void> {
  const { tx, now } = handeling
  const rows = signalen.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  await logVroegsignalen(handeling, activiteit, rows)
  if (ids.length === 0) return
  await underDuty(
    tx,
    'afhandelaar',
    async () => {
      await condemnGehouden(tx, gemeentecode, ids, grond)
      await bringBetwistingenForward(tx, gemeentecode, ids, todayIn(now))
      await markAdressen(tx, rows)
    },
    [gemeentecode]
  )
}

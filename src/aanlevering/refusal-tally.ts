import type { Tx } from '../platform/database/open-database.ts'
import { todayIn } from '../time.ts'
import { type Afwijzing, countRefusals } from './afwijzing-store.ts'
import type { Herkomst, Ontvangst } from './receive-signals.ts'

/** Adds up refusals per municipality and criterium, however many signals come by. */
export function openTally() {
  const counts = new Map<string, Afwijzing>()
  return {
    add: (ontvangsten: readonly Ontvangst[]): void => {
      for (const ontvangst of ontvangsten) {
        if (ontvangst.uitkomst !== 'afgewezen') continue
        for (const { criterium } of ontvangst.bevindingen) {
          const key = `${ontvangst.gemeentecode}|${criterium.criterium}`
          const aantal = (counts.get(key)?.aantal ?? 0) + 1
          counts.set(key, { gemeentecode: ontvangst.gemeentecode, criterium: criterium.criterium, aantal })
        }
      }
    },
    list: (): Afwijzing[] => [...counts.values()]
  }
}

/** Counts what was refused: all that a refused signal leaves behind. */
export async function countRefused(
  tx: Tx,
  { signaalpartnerId, now }: Herkomst,
  ontvangsten: readonly Ontvangst[]
): Promise<void> {
  const tally = openTally()
  tally.add(ontvangsten)
  await countRefusals(tx, signaalpartnerId, todayIn(now), tally.list())
}

import type { Afwijzing } from './afwijzing-store.ts'
import type { Ontvangst } from './receive-signals.ts'

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

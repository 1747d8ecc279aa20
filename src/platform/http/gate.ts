import { spareMemory } from '../spare-memory.ts'
import { later } from './problem.ts'

/**
 * Limits how many pieces of long work run at once in this process, and spares memory meanwhile. More would slow down each
 * other and every other request. Throws tijdelijk-niet-beschikbaar with `detail` when all places are taken.
 */
export function openGate(places: number, detail: string) {
  let running = 0
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= places) throw later(10, detail)
    running += 1
    try {
      return await spareMemory(work)
    } finally {
      running -= 1
    }
  }
}

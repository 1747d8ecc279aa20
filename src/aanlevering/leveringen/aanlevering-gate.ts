import { later } from '../../platform/http/problem.ts'

/**
 * Limits how many deliveries run at once in this process. More would slow down each other and every other request.
 * Throws tijdelijk-niet-beschikbaar when all places are taken.
 */
export function openAanleveringGate(places: number) {
  let running = 0
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= places) {
      throw later(10, 'Er lopen nu te veel aanleveringen tegelijk; probeer het zo weer.')
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
    }
  }
}

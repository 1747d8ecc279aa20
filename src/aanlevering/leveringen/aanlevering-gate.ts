import { later } from '../../platform/http/problem.ts'

/** Lets a few deliveries run at once in this process; more would only slow each other and everything beside them. */
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

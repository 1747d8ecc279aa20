import type { Herindeling } from './herindeling-store.ts'

/** What is told to whoever names a municipality that has merged into another one. */
export function useOpvolger({ datum, opvolger }: Pick<Herindeling, 'datum' | 'opvolger'>): string {
  return `Deze gemeente is sinds ${datum} opgegaan in gemeente ${opvolger}; gebruik gemeentecode ${opvolger}.`
}

/**
 * Why a partner withdraws a signal. `isOnterecht`: it should not have been there, so it is destroyed at once, also from
 * an open case, and its receipt is not valid any more.
 */
export const intrekkingsredenen = {
  betaald: { isOnterecht: false },
  betalingsregeling: { isOnterecht: false },
  foutief: { isOnterecht: true },
  bezwaar: { isOnterecht: true }
} as const
export type Intrekkingsreden = keyof typeof intrekkingsredenen

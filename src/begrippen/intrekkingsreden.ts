/** Why a partner withdraws a signal, and whether its personal data are destroyed at once. */
export const intrekkingsredenen = {
  betaald: { isDestroyed: false },
  betalingsregeling: { isDestroyed: false },
  foutief: { isDestroyed: true },
  bezwaar: { isDestroyed: true }
} as const
export type Intrekkingsreden = keyof typeof intrekkingsredenen

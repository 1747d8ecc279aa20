/** On whose behalf, and when, signals come in. */
export type Herkomst = {
  readonly signaalpartnerId: string
  readonly clientId: string
  readonly traceId: string
  /** The trace of each signal, when they came in by requests of their own. */
  readonly traceIds?: readonly string[]
  readonly now: Date
}

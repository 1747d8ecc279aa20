/** The target of a figure. */
export type Aim = { readonly text: string; isReached(value: number): boolean }

/** One measured figure. */
export type Figure = {
  readonly meting: string
  readonly naam: string
  readonly waarde: number
  /** Absent for a ratio. */
  readonly eenheid?: string
  readonly doel?: Aim
}

export function minstens(limit: number): Aim {
  return { text: `≥ ${write(limit)}`, isReached: (value) => value >= limit }
}

export function hoogstens(limit: number): Aim {
  return { text: `≤ ${write(limit)}`, isReached: (value) => value <= limit }
}

/** Formats a number: two decimals when it is small, grouped digits when it is large. */
export function write(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0
  return value.toLocaleString('nl-NL', { maximumFractionDigits: digits })
}

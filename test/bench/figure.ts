/** What a figure should be. */
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

/** At least this much. */
export function minstens(limit: number): Aim {
  return { text: `≥ ${write(limit)}`, isReached: (value) => value >= limit }
}

/** At most this much. */
export function hoogstens(limit: number): Aim {
  return { text: `≤ ${write(limit)}`, isReached: (value) => value <= limit }
}

/** A number as it is printed: two decimals when small, grouped when large. */
export function write(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0
  return value.toLocaleString('nl-NL', { maximumFractionDigits: digits })
}

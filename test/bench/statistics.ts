/** The median. With an even count it is the lower of the middle two. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The smallest value such that `share` percent of the values are at or below it. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)]!
}

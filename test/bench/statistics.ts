/** The middle value; the lower of two. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value below or at which `share` of a hundred values lie. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)]!
}

// Normalising takes time that grows with the square of a run of accents; no field of ours may be this long.
const longestTidied = 1_000

function tidy(text: string): string {
  const trimmed = text.trim()
  return trimmed.length <= longestTidied && trimmed.isWellFormed() ? trimmed.normalize('NFC') : trimmed
}

/** The same value with all its text trimmed and in one normal form (NFC), whatever the sender's system does. */
export function tidyText(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value)
  if (Array.isArray(value)) return value.map(tidyText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tidyText(inner)]))
}

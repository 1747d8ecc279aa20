/** The same value with all its text trimmed and in one normal form (NFC), whatever the sender's system does. */
export function tidyText(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value.trim().normalize('NFC') : value
  if (Array.isArray(value)) return value.map(tidyText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tidyText(inner)]))
}

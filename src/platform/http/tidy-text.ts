// Normalising takes time that grows with the square of a run of accents; no field of ours may be this long.
const longestTidied = 1_000

function tidy(text: string): string {
  const trimmed = text.trim()
  return trimmed.length <= longestTidied && trimmed.isWellFormed() ? trimmed.normalize('NFC') : trimmed
}

/** Trims all text in a value that was just read, in place, and puts it in one normal form (NFC), whatever the sender's system does. */
export function tidyText(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value)
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members)) members[key] = tidyText(members[key])
  return value
}

// Normalising takes time that grows with the square of a run of accents. Only a meldbewijs and the parts of a JWK may
// be longer than this, and valid ones are plain ASCII.
const longestTidied = 1_000

/** A text with plain spaces for those that do not break, as spreadsheets and web pages have them, and none around it. */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00A0\u2007\u202F]/g, ' ').trim()
}

function tidy(text: string): string {
  const trimmed = plainSpaces(text)
  return trimmed.length <= longestTidied && trimmed.isWellFormed() ? trimmed.normalize('NFC') : trimmed
}

/**
 * Trims all text in a freshly parsed value, in place, makes its spaces plain and normalises it to NFC, because senders'
 * systems differ in that.
 */
export function tidyText(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value)
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members)) members[key] = tidyText(members[key])
  return value
}

/**
 * Takes from a freshly parsed value, in place, every member that is empty text or null: that is what exports hold where
 * nothing is known. Takes along a birth date whose day or month is unknown, as the population register writes it.
 */
export function readAbsent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, unknown>
  for (const [key, member] of Object.entries(members)) {
    if (!Array.isArray(value) && isAbsent(key, member)) delete members[key]
    else readAbsent(member)
  }
  return value
}

function isAbsent(key: string, member: unknown): boolean {
  return member === null || member === '' || (key === 'geboortedatum' && isUnknownDay(member))
}

function isUnknownDay(member: unknown): boolean {
  return typeof member === 'string' && /^(\d{4}-00-\d{2}|\d{4}-\d{2}-00|0000-\d{2}-\d{2})$/.test(member)
}

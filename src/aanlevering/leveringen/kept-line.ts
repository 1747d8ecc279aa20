import type { Regelverslag } from './report-line.ts'

/** The signal that has the reference of a line; undefined when none has. */
export function signaalOf({ vroegsignaalId, staand }: Regelverslag): string | undefined {
  return vroegsignaalId ?? staand
}

/**
 * A line as the report keeps it. The reference of a signal is left to the signal, so that it is destroyed with that,
 * whenever that is; what is kept of it is a random id.
 */
export function keptLine(line: Regelverslag): Regelverslag {
  const { referentie: _, ...kept } = line
  return signaalOf(line) === undefined ? line : kept
}

/** A kept line as the partner reads it: what it says of a signal, only as long as that has a reference. */
export function shownLine(line: Regelverslag, referenties: ReadonlyMap<string, string>): Regelverslag {
  const id = signaalOf(line)
  if (id === undefined) return line
  const { regel, uitkomst, vroegsignaalId, errors } = line
  const referentie = referenties.get(id)
  if (referentie === undefined) return { regel, uitkomst, errors }
  return { regel, referentie, uitkomst, ...(vroegsignaalId !== undefined && { vroegsignaalId }), errors }
}

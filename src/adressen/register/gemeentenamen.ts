// Names under which registers and people know a municipality, as `foldedName` writes them; the first is the official one.
const aliases: readonly (readonly string[])[] = [
  ['sgravenhage', 'denhaag'],
  ['shertogenbosch', 'denbosch'],
  ['nuenengerwenennederwetten', 'nuenenca', 'nuenen']
]
const officialOf = new Map(
  aliases.flatMap(([official = '', ...others]) => others.map((other) => [other, official]))
)

/** Finds the code of a municipality by its name; undefined for a name that none, or more than one, has. */
export type FindGemeente = (naam: string) => string | undefined

/** Makes a search by name in these municipalities: without case, accents, punctuation and spaces, `Den Haag` included. */
export function gemeentenByNaam(
  gemeenten: readonly { readonly gemeentecode: string; readonly naam: string }[]
): FindGemeente {
  const codes = Map.groupBy(gemeenten, ({ naam }) => foldedName(naam))
  const known = new Map<string, string | undefined>()
  return (naam) => {
    if (!known.has(naam)) {
      const found = codes.get(foldedName(naam)) ?? []
      known.set(naam, found.length === 1 ? found[0]!.gemeentecode : undefined)
    }
    return known.get(naam)
  }
}

function foldedName(naam: string): string {
  const plain = naam
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^\s*gemeente\s+(?=\D)/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
  return officialOf.get(plain) ?? plain
}

type Writing = readonly [pattern: RegExp, same: string]

// The groups of contract §5. A Roman numeral and a number with `h`, `hg` or `hoog` are a floor, also
// where a side follows (`2hg-A`); `h` alone is the house.
const writings: readonly Writing[] = [
  [/^(?:HUIS|HS|H)$/, 'HS'],
  [/^(?:BIS|BS)/, 'BIS'],
  [/(?:ZWART|ZW)$/, 'ZW'],
  [/(?:ROOD|RD)$/, 'RD'],
  [/(?<=^\d+)(?:HOOG|HG)(?=[A-Z]?$)/, ''],
  [/(?<=^\d+)H$/, '']
]
const floors = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII']
const roman = /^([IV]+)(?:HOOG|HG|H)?$/

/** The text of `aanduidingOf` in one of the usual ways of writing it: `HUIS` as `HS`, `II`, `2HG` and `2HOOG` as `2`. */
export function usualAanduiding(aanduiding: string): string {
  const floor = floors.indexOf(roman.exec(aanduiding)?.[1] ?? '') + 1
  if (floor > 0) return String(floor)
  return writings.reduce((text, [pattern, same]) => text.replace(pattern, same), aanduiding)
}

/** A count, and whether it is kept back. */
export type Cel = { readonly aantal: number; verborgen: boolean }
/** The counts of one month: by sector ('' = all sectors together), then by measure. */
export type Staat = ReadonlyMap<string, ReadonlyMap<string, Cel>>

/** A count below this says too much about those it counts. */
const kleinste = 5

// Together they are the households, though one may be of two kinds.
const matchsoorten = ['enkelvoudig', 'meervoudig', 'opeenvolgend']
// Each says how many of the ones before it came one step further.
const stappen = ['huishoudens', 'opgepakt', 'bereikt', 'hulpAanvaard']

/** A count that is kept back when it is small. */
export function celOf(aantal: number): Cel {
  return { aantal, verborgen: aantal < kleinste }
}

/**
 * Keeps back what would give away a small count by subtraction: a sector by what is left of all sectors, a match kind by
 * what is left of the households, and how few did not come a step further.
 */
export function protect(staat: Staat): void {
  let hidden: number
  do {
    hidden = countHidden(staat)
    for (const [total, parts] of sumsIn(staat)) hideUntilSafe(total, parts)
    for (const rij of staat.values()) hideSmallSteps(stappen.flatMap((maat) => rij.get(maat) ?? []))
  } while (countHidden(staat) > hidden)
}

/** Keeps back the counts of a whole that would give away what is kept back in its parts. */
export function protectParts(whole: Staat, parts: readonly Staat[]): void {
  for (const [sector, rij] of whole) {
    for (const [maat, cel] of rij) {
      const ofParts = parts.flatMap((part) => part.get(sector)?.get(maat) ?? [])
      if (!isSafe(cel, ofParts)) cel.verborgen = true
    }
  }
}

function sumsIn(staat: Staat): [Cel, Cel[]][] {
  const { '': all, ...sectoren } = Object.fromEntries(staat)
  const perMaat = [...(all ?? [])].map(([maat, total]): [Cel, Cel[]] => [
    total,
    Object.values(sectoren).flatMap((rij) => rij.get(maat) ?? [])
  ])
  const perRij = [...staat.values()].map((rij): [Cel | undefined, Cel[]] => [
    rij.get('huishoudens'),
    matchsoorten.flatMap((soort) => rij.get(soort) ?? [])
  ])
  return [...perMaat, ...perRij.filter((sum): sum is [Cel, Cel[]] => sum[0] !== undefined)]
}

function hideUntilSafe(total: Cel, parts: readonly Cel[]): void {
  const shown = parts.filter(({ verborgen }) => !verborgen).sort((a, b) => b.aantal - a.aantal)
  while (!isSafe(total, parts)) (shown.pop() ?? total).verborgen = true
}

// What is kept back can be told apart when it is one count, and is small itself when all of it together is.
function isSafe(total: Cel, parts: readonly Cel[]): boolean {
  const hidden = parts.filter(({ verborgen }) => verborgen)
  if (total.verborgen || hidden.length === 0) return true
  const shown = parts.reduce((sum, { aantal, verborgen }) => sum + (verborgen ? 0 : aantal), 0)
  const rest = total.aantal - shown
  return rest <= 0 || (hidden.length > 1 && rest >= kleinste)
}

function hideSmallSteps(steps: readonly Cel[]): void {
  let last: Cel | undefined
  for (const step of steps.filter(({ verborgen }) => !verborgen)) {
    const left = Math.abs((last ?? step).aantal - step.aantal)
    if (left > 0 && left < kleinste) step.verborgen = true
    else last = step
  }
}

function countHidden(staat: Staat): number {
  return [...staat.values()].flatMap((rij) => [...rij.values()]).filter(({ verborgen }) => verborgen).length
}

const began = performance.now()
const unmet: string[] = []
let met = 0

/** Reports whether an expectation is met, and counts it. The demo continues either way. */
export function expect(isMet: boolean, text: string, detail = ''): void {
  if (isMet) met += 1
  else unmet.push(detail ? `${text} (${detail})` : text)
  console.log(isMet ? `  ✓ ${text}` : `  ✗ ${text}${detail && `\n      ${detail}`}`)
}

/** The expectations met and not met so far. */
export function tally(): { met: number; unmet: readonly string[] } {
  return { met, unmet }
}

/** Prints the heading of a chapter. */
export function chapter(text: string): void {
  console.log(`\n${text}\n${'='.repeat(text.length)}`)
}

/** Prints what is going on, with the seconds since the demo began. */
export function progress(text: string): void {
  console.log(`  [${decimal(seconds()).padStart(5)} s] ${text}`)
}

export function seconds(): number {
  return (performance.now() - began) / 1000
}

/** A number with one decimal, in Dutch notation. */
export function decimal(value: number): string {
  return value.toFixed(1).replace('.', ',')
}

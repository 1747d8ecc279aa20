const began = performance.now()
const unmet: string[] = []
let met = 0

/** Tells that an expectation came true, or remembers that it did not; the demo goes on to show what it can. */
export function expect(isMet: boolean, text: string, detail = ''): void {
  if (isMet) met += 1
  else unmet.push(detail ? `${text} (${detail})` : text)
  console.log(isMet ? `  ✓ ${text}` : `  ✗ ${text}${detail && `\n      ${detail}`}`)
}

/** How it stands with the expectations so far. */
export function tally(): { met: number; unmet: readonly string[] } {
  return { met, unmet }
}

/** Opens a chapter of the story. */
export function chapter(text: string): void {
  console.log(`\n${text}\n${'='.repeat(text.length)}`)
}

/** Tells what is going on, and how many seconds into the demo. */
export function progress(text: string): void {
  console.log(`  [${decimal(seconds()).padStart(5)} s] ${text}`)
}

/** Seconds since the demo began. */
export function seconds(): number {
  return (performance.now() - began) / 1000
}

/** A number with one decimal, as it is written in Dutch. */
export function decimal(value: number): string {
  return value.toFixed(1).replace('.', ',')
}

import { dropAanspreekvormen } from './aanspreekvormen.ts'
import { foldName } from './fold-name.ts'

/**
 * The first initial as a capital without accent; undefined where the text holds forms of address only, or no letter.
 * `IJ` and `ÿ` are `I`: `IJ` is how many systems write `I.J.`, and others cut `IJsbrand` to `I.`. Keeping them apart
 * would miss those persons; the price is that Ingrid and IJsbrand are not told apart by initials. `Y` stays `Y`, because
 * Yvonne and Ingrid are often sisters and IJsbrand is rare.
 */
export function firstInitial(voorletters = ''): string | undefined {
  const first = /\p{L}[\p{L}\p{M}]*/u.exec(dropAanspreekvormen(voorletters).normalize('NFC'))?.[0]
  return first && foldName(first.replace(/^ÿ/i, 'IJ'))[0]
}

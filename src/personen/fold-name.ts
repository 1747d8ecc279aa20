// Stripping accents alone keeps ø, ł, ß, æ and ı; `transliteration` loses ẞ and ə, and is six times as large.
import anyAscii from 'any-ascii'

/**
 * The text as capitals A–Z and digits only, so that names can be compared without case, accents, punctuation, spaces
 * and letters that only look different. It is empty for empty text only: where nothing is left, as of `-`, it is the
 * code points in hexadecimal.
 */
export function foldName(text: string): string {
  const bare = text.toUpperCase().normalize('NFKD')
  return lettersOf(anyAscii(bare)) || codePointsOf(bare)
}

function lettersOf(ascii: string): string {
  return ascii.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function codePointsOf(text: string): string {
  return [...text].map((character) => character.codePointAt(0)!.toString(16).toUpperCase()).join('')
}

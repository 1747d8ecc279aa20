import type { Betrokkene } from '../begrippen/vroegsignaal.ts'
import { dropAanspreekvormen } from './aanspreekvormen.ts'
import { foldName } from './fold-name.ts'
import { type NamePart, splitName } from './split-name.ts'

type Achternaam = Pick<Betrokkene['naam'], 'voorvoegsel' | 'geslachtsnaam'>

/**
 * Every folded form under which a surname is recognised: whole and as each part of a double name, each with and without
 * its prefix, and with `ue`, `oe`, `ae`, `aa` and `ij` for ü, ö and ø, ä, å and ÿ. Two surnames are the same when they
 * share a form. The set is never empty, nor is a form; a form of one letter is there only for a surname of one letter.
 */
export function nameForms({ voorvoegsel = '', geslachtsnaam }: Achternaam): ReadonlySet<string> {
  const name = dropAanspreekvormen(geslachtsnaam).trim() || geslachtsnaam
  const prefix = splitName(voorvoegsel).map((part) => ({ ...part, isPrefix: true }))
  const forms = [
    geslachtsnaam,
    `${voorvoegsel} ${geslachtsnaam}`,
    ...formsWithin([...prefix, ...prefixFirst(splitName(name))])
  ].flatMap(spellings)
  const whole = spellings(geslachtsnaam)
  return new Set(forms.filter((form) => form.length > 1 || whole.includes(form)))
}

const writtenOut: Readonly<Record<string, string>> = { Ü: 'UE', Ö: 'OE', Ä: 'AE', Ø: 'OE', Å: 'AA', Ÿ: 'IJ' }

function spellings(text: string): string[] {
  const spelled = text
    .normalize('NFC')
    .toUpperCase()
    .replace(/[ÜÖÄØÅŸ]/g, (letter) => writtenOut[letter]!)
  return [foldName(text), foldName(spelled)]
}

/** `Dijk, van` and `Dijk van` as `van Dijk`. */
function prefixFirst(parts: readonly NamePart[]): NamePart[] {
  const start = startOfMoved(parts)
  const [first, ...rest] = parts.slice(0, start)
  if (!first) return [...parts]
  const moved = parts.slice(start).map((part) => ({ ...part, gap: ' ' }))
  return [...moved, { ...first, gap: ' ' }, ...rest]
}

/** Where the prefix behind the name begins; the number of parts where none is. */
function startOfMoved(parts: readonly NamePart[]): number {
  const comma = parts.findLastIndex(({ gap }) => gap.includes(','))
  const afterWord = parts.findLastIndex(({ isPrefix }) => !isPrefix) + 1
  if (comma >= afterWord) return comma
  return afterWord > 0 && afterWord < parts.length && !separates(parts[afterWord]!) ? afterWord : parts.length
}

function formsWithin(parts: readonly NamePart[]): string[] {
  const words = wordsIn(parts)
  const noNames = new Set(piecesAt(parts, (part) => separates(part)).flatMap(descriptionsIn))
  const within = [...namesIn(parts).flatMap(withAndWithoutPrefix), ...words]
  return [...withAndWithoutPrefix(parts), ...within.filter((text) => !noNames.has(text))]
}

// Shorter words are mostly initials or `en`: parts that would make strangers one.
function wordsIn(parts: readonly NamePart[]): string[] {
  return parts.filter(({ text, isPrefix }) => !isPrefix && foldName(text).length >= 3).map(({ text }) => text)
}

const descriptions = new Set('GROOT GROTE KLEIN KLEINE OUD OUDE OLDE NIEUW NIEUWE SINT LAGE HOGE'.split(' '))

/** The words that only say which of several farms a surname came from, as in `Groot Koerkamp`. */
function descriptionsIn(parts: readonly NamePart[]): string[] {
  const words = wordsIn(parts)
  return words.length > 1 ? words.filter((text) => descriptions.has(foldName(text))) : []
}

/** The names of a double name: a new one begins at a hyphen, slash or comma, and at a prefix after a word. */
function namesIn(parts: readonly NamePart[]): NamePart[][] {
  return piecesAt(parts, (part, before) => before?.isPrefix === false && (part.isPrefix || separates(part)))
}

function piecesAt(
  parts: readonly NamePart[],
  isStart: (part: NamePart, before: NamePart | undefined) => boolean
): NamePart[][] {
  const pieces: NamePart[][] = []
  for (const [index, part] of parts.entries()) {
    if (index === 0 || isStart(part, parts[index - 1])) pieces.push([])
    pieces.at(-1)!.push(part)
  }
  return pieces
}

function separates({ gap }: NamePart): boolean {
  return /[\p{Pd}/,&+;]/u.test(gap)
}

/** The last part is the name itself, even where it looks like a prefix: `van Onder`. */
function withAndWithoutPrefix(parts: readonly NamePart[]): string[] {
  const word = parts.findIndex(({ isPrefix }) => !isPrefix)
  const prefixCount = word < 0 ? parts.length - 1 : word
  return parts.slice(0, prefixCount + 1).map((_, index) => joined(parts.slice(index)))
}

function joined(parts: readonly NamePart[]): string {
  return parts.map(({ text }) => text).join('')
}

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
  // Shorter words are mostly initials or `en`: parts that would make strangers one.
  const words = parts.filter(({ text, isPrefix }) => !isPrefix && foldName(text).length >= 3)
  return [
    ...withAndWithoutPrefix(parts),
    ...namesIn(parts).flatMap(withAndWithoutPrefix),
    ...words.map(({ text }) => text)
  ]
}

/** The names of a double name: a new one begins at a hyphen, slash or comma, and at a prefix after a word. */
function namesIn(parts: readonly NamePart[]): NamePart[][] {
  const names: NamePart[][] = []
  for (const [index, part] of parts.entries()) {
    const isNext = parts[index - 1]?.isPrefix === false && (part.isPrefix || separates(part))
    if (index === 0 || isNext) names.push([])
    names.at(-1)!.push(part)
  }
  return names
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

import { aanspreekvormen } from './aanspreekvormen.ts'
import { foldName } from './fold-name.ts'
import { voorvoegsels } from './voorvoegsels.ts'

/** A word of a surname, or a whole prefix such as `van den`, with the text between it and the part before. */
export type NamePart = { readonly text: string; readonly gap: string; readonly isPrefix: boolean }

// Words that link the two names of a married person, or that say something about a name and are none.
const linking = `
e v, ev, echtgenote, echtgenoot, echtg, gescheiden, gesch, g v, weduwe, weduwnaar, wed, w v, geboren, geb,
junior, senior, jr, sr
`
  .trim()
  .split(/,\s+/)

const wordPattern = /([^\p{L}\p{M}\p{N}]*)([\p{L}\p{M}\p{N}]+)/gu
const prefixes = phrases(voorvoegsels)
const links = phrases([...linking, ...aanspreekvormen])
const longestPhrase = 4

type Word = { readonly text: string; readonly gap: string; readonly folded: string }

/**
 * The prefixes and the other words of a surname, in their order. Words that link two names (`e/v`) are left out, unless
 * the surname has no other; the part after them has a `/` in its gap.
 */
export function splitName(text: string): NamePart[] {
  const words = wordsOf(text)
  const parts = partsOf(words, links)
  return parts.every(({ isPrefix }) => isPrefix) ? partsOf(words, new Set()) : parts
}

function partsOf(words: readonly Word[], links: ReadonlySet<string>): NamePart[] {
  const parts: NamePart[] = []
  let link = ''
  for (let at = 0; at < words.length; ) {
    const linkLength = phraseLength(words, at, links)
    const prefixLength = linkLength ? 0 : phraseLength(words, at, prefixes)
    const length = linkLength || prefixLength || 1 + apostrophesAfter(words, at)
    if (!linkLength) parts.push(partOf(words.slice(at, at + length), link, prefixLength > 0))
    link = linkLength ? '/' : ''
    at += length
  }
  return parts
}

function phrases(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map((text) => keyOf(wordsOf(text))))
}

function keyOf(words: readonly Word[]): string {
  return words.map(({ folded }) => folded).join(' ')
}

function wordsOf(text: string): Word[] {
  // Invisible characters, such as a soft hyphen, do not end a word.
  const visible = text.replace(/\p{Cf}/gu, '')
  return [...visible.matchAll(wordPattern)].map(([, gap = '', word = '']) => ({
    text: word,
    gap,
    folded: foldName(word)
  }))
}

/** The number of words, from this one on, that are the longest phrase of the set; 0 where none is. No comma is inside. */
function phraseLength(words: readonly Word[], at: number, set: ReadonlySet<string>): number {
  const comma = words.findIndex(({ gap }, index) => index > at && gap.includes(','))
  const limit = Math.min(longestPhrase, (comma < 0 ? words.length : comma) - at)
  for (let length = limit; length > 0; length--)
    if (set.has(keyOf(words.slice(at, at + length)))) return length
  return 0
}

/** The number of words after this one that only an apostrophe separates from it, as in `M'Barek`. */
function apostrophesAfter(words: readonly Word[], at: number): number {
  const end = words.findIndex(({ gap }, index) => index > at && !/^['’‘ʼ`´]$/.test(gap))
  return (end < 0 ? words.length : end) - at - 1
}

function partOf(words: readonly Word[], link: string, isPrefix: boolean): NamePart {
  const text = words.map((word) => word.text).join('')
  return { text, gap: link + words[0]!.gap, isPrefix }
}

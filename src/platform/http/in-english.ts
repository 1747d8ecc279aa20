import { readFileSync } from 'node:fs'
import { mapTexts } from './document-texts.ts'

/** The sentences of the document in English, by the Dutch ones; a text that returns stands here once. */
export const sentences: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../../../openapi/teksten-en.json', import.meta.url), 'utf8')
)

/** The document in English: its texts, not its names, codes and examples. What has no translation stays Dutch. */
export function inEnglish<Document extends object>(document: Document): Document {
  return mapTexts(document, (text) => englishOf(text) ?? text)
}

/** A text of the document in English, or undefined. `onUsed` is told each Dutch sentence that was looked up. */
export function englishOf(text: string, onUsed: (sentence: string) => void = () => {}): string | undefined {
  if (text in sentences) {
    onUsed(text)
    return sentences[text]
  }
  return englishOfParts(text, onUsed)
}

// The document puts some texts together: who may call, which problems can be the answer, and what all webhooks share.
function englishOfParts(text: string, onUsed: (sentence: string) => void): string | undefined {
  const access = /^Voor: ([^.]+)\.$/.exec(text)?.[1]
  if (access !== undefined) return `For: ${access.replaceAll(' of ', ' or ')}.`
  const [, problem, slug] = /^([^`]+) \(`([a-z-]+)`\)\.$/.exec(text) ?? []
  if (problem !== undefined && problem in sentences) {
    onUsed(problem)
    return `${sentences[problem]} (\`${slug}\`).`
  }
  for (const { index } of text.matchAll(/(?<=\.) /g)) {
    const first = englishOf(text.slice(0, index), onUsed)
    const rest = first && englishOf(text.slice(index + 1), onUsed)
    if (rest) return `${first} ${rest}`
  }
  return undefined
}

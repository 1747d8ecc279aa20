const maxDepth = 16
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Why a text was refused as JSON; never quotes the text. */
export class JsonFault extends Error {}

/**
 * Parses JSON that means one thing to every reader: valid UTF-8 without a byte order mark, no key twice in one
 * object, no key that could reach a prototype, at most 16 levels deep. Throws a JsonFault.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes)
  const value = parse(text)
  refuseAmbiguity(text)
  return value
}

function decode(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (text.startsWith('\uFEFF'))
      throw new JsonFault('De body begint met een byte order mark; laat die weg.')
    return text
  } catch (cause) {
    if (cause instanceof JsonFault) throw cause
    throw new JsonFault('De body is geen geldige UTF-8.')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new JsonFault('De body is geen geldige JSON.')
  }
}

// One pass over text that is known to be valid JSON: strings and brackets are all there is to look at.
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs

function refuseAmbiguity(text: string): void {
  const open: (Set<string> | undefined)[] = []
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) addKey(open.at(-1)!, JSON.parse(token.slice(0, -colon.length)))
    if (open.length > maxDepth) throw new JsonFault(`De body is meer dan ${maxDepth} niveaus diep.`)
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (keys.has(key)) throw new JsonFault('Een veld komt in hetzelfde object tweemaal voor.')
  if (forbiddenKeys.has(key)) throw new JsonFault('De body bevat een veldnaam die niet is toegestaan.')
  keys.add(key)
}

const maxDepth = 16
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Why a text was refused as JSON; never quotes the text. */
export class JsonFault extends Error {}

/**
 * Parses JSON that every reader understands the same way: valid UTF-8 (a byte order mark is passed over, RFC 8259 §8.1), no key twice in one
 * object, no key that could reach a prototype, at most 16 levels deep. Throws JsonFault.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes)
  const value = parse(text)
  refuseAmbiguity(text, value)
  return value
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
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

// JSON.parse keeps only one of two equal keys, so the members of the text and of the value are counted and compared.
function refuseAmbiguity(text: string, value: unknown): void {
  if (membersIn(text) !== membersOf(value, 1))
    throw new JsonFault('Een veld komt in hetzelfde object tweemaal voor.')
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

// For valid JSON only: each member has one colon outside a string.
function membersIn(text: string): number {
  let members = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === quote) isInString = !isInString
    else if (char === colon && !isInString) members += 1
    else if (char === backslash) at += 1
  }
  return members
}

function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > maxDepth) throw new JsonFault(`De body is meer dan ${maxDepth} niveaus diep.`)
  let members = 0
  if (Array.isArray(value)) for (const one of value) members += membersOf(one, depth + 1)
  else {
    for (const [key, inner] of Object.entries(value)) {
      if (forbiddenKeys.has(key)) throw new JsonFault('De body bevat een veldnaam die niet is toegestaan.')
      members += 1 + membersOf(inner, depth + 1)
    }
  }
  return members
}

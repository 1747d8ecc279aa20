type Form = 'gewoon' | 'hex' | 'base64'
type Needle = Found & { readonly text: string }
/** Needles by the hash of their first bytes, then by length, then by text: many secrets start the same. */
type Heads = Map<number, Map<number, Map<string, Needle[]>>>

/** A secret found in a text, and the form it has there. */
export type Found = { readonly secret: string; readonly form: Form }

const headLength = 6
const bits = 22

/**
 * Finds the secrets that are readable anywhere in the bytes: plain (as written, lower case or upper case), in hex, or
 * in base64 at any offset. A secret has at least six characters. It takes one pass, however many secrets there are.
 */
export function findReadable(content: Buffer, secrets: Iterable<string>): Found[] {
  const heads = sortByHead(needlesFor(secrets))
  const isHead = new Uint8Array(2 ** bits)
  for (const head of heads.keys()) isHead[head] = 1
  const found = new Map<string, Found>()
  for (let place = 0; place <= content.length - headLength; place += 1) {
    const head = headOf(content, place)
    if (isHead[head] === 0) continue
    for (const [length, needles] of heads.get(head)!) {
      for (const needle of needles.get(content.toString('latin1', place, place + length)) ?? []) {
        if (standsAlone(content, place, needle)) found.set(`${needle.secret}|${needle.form}`, needle)
      }
    }
  }
  return [...found.values()].map(({ secret, form }) => ({ secret, form }))
}

function sortByHead(needles: readonly Needle[]): Heads {
  const perHead = Map.groupBy(needles, ({ text }) => headOf(Buffer.from(text, 'latin1'), 0))
  return new Map(
    [...perHead].map(([head, ofHead]) => {
      const perLength = Map.groupBy(ofHead, ({ text }) => text.length)
      const byText = (ofLength: Needle[]) => Map.groupBy(ofLength, ({ text }) => text)
      return [head, new Map([...perLength].map(([length, ofLength]) => [length, byText(ofLength)]))]
    })
  )
}

function headOf(bytes: Buffer, place: number): number {
  const mixed =
    Math.imul(bytes.readUInt32LE(place), 0x9e3779b1) ^ Math.imul(bytes.readUInt16LE(place + 4), 0x85ebca6b)
  return (mixed >>> 0) >>> (32 - bits)
}

// Nine digits in a row occur by chance in the hex of encrypted data. A real number has no letter or digit next to it.
function standsAlone(content: Buffer, place: number, { text, form }: Needle): boolean {
  if (form !== 'gewoon' || !/^\d+$/.test(text)) return true
  return !isWord(content[place - 1]) && !isWord(content[place + text.length])
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte))
}

function needlesFor(secrets: Iterable<string>): Needle[] {
  return [...new Set(secrets)].flatMap((secret) => {
    const spellings = [...new Set([secret, secret.toLowerCase(), secret.toUpperCase()])]
    return spellings.flatMap((spelling) => {
      const texts: [Form, string][] = [
        ['gewoon', spelling],
        ['hex', Buffer.from(spelling).toString('hex')],
        ...base64Forms(spelling).map((text): [Form, string] => ['base64', text])
      ]
      return texts.map(([form, text]) => ({ secret, form, text }))
    })
  })
}

/** The base64 characters that depend on this text alone, at each of the three offsets, in both alphabets. */
function base64Forms(text: string): string[] {
  const forms = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
    const [from, to] = [Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6)]
    return (['base64', 'base64url'] as const).map((alphabet) => padded.toString(alphabet).slice(from, to))
  })
  return [...new Set(forms)]
}

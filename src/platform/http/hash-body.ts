import { createHash } from 'node:crypto'

/** Passes the bytes of a body on; `digest` reads what is left of them and returns the SHA-256 of all, in base64url. */
export function hashBody(input: AsyncIterable<Buffer>) {
  const hash = createHash('sha256')
  async function* read() {
    for await (const chunk of input) {
      hash.update(chunk)
      yield chunk
    }
  }
  const bytes = read()
  const digest = async () => {
    for await (const _ of bytes);
    return hash.digest('base64url')
  }
  return { bytes, digest }
}

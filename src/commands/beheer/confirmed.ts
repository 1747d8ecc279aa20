import { createInterface } from 'node:readline/promises'

/**
 * Whether a plan may be carried out: with `--ja`, or when the person at the terminal says so. Throws where nobody can be
 * asked, so that a script does not take a plan for a deed.
 */
export async function confirmed(isAgreed: boolean): Promise<boolean> {
  if (isAgreed) return true
  if (!process.stdin.isTTY) throw new Error('Er is nog niets gedaan. Met --ja wordt het uitgevoerd.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^j(a)?$/i.test((await terminal.question('Uitvoeren? [ja/nee] ')).trim())
  } finally {
    terminal.close()
  }
}

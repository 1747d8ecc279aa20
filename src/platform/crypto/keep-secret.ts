import { readFile, writeFile } from 'node:fs/promises'

/** The secret in a file only the owner may read, made the first time. */
export async function keepSecret(path: string, make: () => string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    const secret = make()
    await writeFile(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  }
}

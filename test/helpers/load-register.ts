import type { Answer, Party } from './test-hub.ts'

/** Loads an address register from the lines of its file; returns the answer. */
export function loadRegister(
  beheer: Party,
  lines: readonly string[] | Buffer,
  headers: Record<string, string> = {}
): Promise<Answer> {
  return beheer.call({
    method: 'POST',
    url: '/v1/adresregister/leveringen',
    headers: { 'content-type': 'text/csv', ...headers },
    payload: Buffer.isBuffer(lines) ? lines : `${lines.join('\n')}\n`
  })
}

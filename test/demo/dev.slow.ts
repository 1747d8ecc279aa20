import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from '../../src/platform/free-port.ts'

const dev = fileURLToPath(new URL('dev.ts', import.meta.url))

t.test('npm run dev: a society, a matched household and three requests that work as printed', async (t) => {
  const port = String(await freePort())
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [dev], {
    env: { PATH, PORT: port },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const ended = once(child, 'exit')
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('Stoppen met')) break
  }
  const text = lines.join('\n')
  t.match(text, /4 gemeenten en 9 signaalpartners/)
  t.match(text, /een register van 4000 verzonnen woningen/)
  t.match(text, /Match: meervoudig/)
  t.notMatch(text, '✗')
  const requests = [...text.matchAll(/^curl -s -H 'Authorization: (Bearer [^']+)' '([^']+)'$/gm)]
  t.equal(requests.length, 3)
  for (const [, authorization, url] of requests) {
    const answer = await fetch(url!, { headers: { authorization: authorization! } })
    t.equal(answer.status, 200, url!)
    t.match(await answer.text(), /"(huur|zorgverzekering)"/, 'it tells of signals')
  }
  child.kill('SIGTERM')
  await ended
  await t.rejects(fetch(`http://127.0.0.1:${port}/health/live`), 'the hub ended with it')
})

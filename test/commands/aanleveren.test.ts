import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen, manySignals, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { openTestHub } from '../helpers/test-hub.ts'

const command = fileURLToPath(new URL('../../src/commands/aanleveren.ts', import.meta.url))
const hub = await openTestHub(t)
await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const url = await listen(hub)
const dir = await mkdtemp(join(tmpdir(), 'aanleveren-'))
t.teardown(() => rm(dir, { recursive: true }))

const settings = { HUB_URL: url, CLIENT_ID: verhuurder.clientId, CLIENT_SECRET: verhuurder.clientSecret }

function run(args: readonly string[], env: Record<string, string> = settings) {
  const { PATH = '' } = process.env
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args],
      { env: { PATH, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
    )
  })
}

async function save(name: string, text: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, text)
  return path
}

t.test('exit 0: every line was taken in; no file of rejected lines is written', async (t) => {
  const file = await save('goed.ndjson', ndjson(manySignals(20, 'GOED')))
  const { code, stdout } = await run([file])
  t.equal(code, 0)
  t.match(stdout, /Regels +20\nOpgenomen +20\nOngewijzigd +0\nAfgewezen +0/)
  t.notOk(existsSync(`${file}.afgewezen.csv`))
})

t.test('the same file again is a replay: the same report and no second effect', async (t) => {
  const file = await save('twee.ndjson', ndjson(manySignals(20, 'TWEE')))
  const first = await run([file])
  const again = await run([file])
  t.equal(again.code, 0)
  t.equal(again.stdout, first.stdout, 'taken in, as the first time, not merely unchanged')
  t.equal((await hub.admin('select from aanlevering')).length, 2)
})

t.test('exit 2: rejected lines stand beside the file, with reasons, and no formula', async (t) => {
  const [first, second, third] = manySignals(3, 'DEELS')
  const bad = [
    { ...second, referentie: '=CMD("x")', sector: 'internet' },
    { ...third, referentie: '+31', betalingsregeling: 'wordt-nagekomen' }
  ]
  const file = await save('deels.ndjson', ndjson([first, ...bad]))
  const { code, stdout } = await run([file])
  t.equal(code, 2)
  t.match(stdout, /Afgewezen +2/)
  const rejected = await readFile(`${file}.afgewezen.csv`, 'utf8')
  const lines = rejected.trimEnd().split('\r\n')
  t.equal(lines[0], '\uFEFFregel;referentie;veld;code;uitleg;grondslag')
  t.ok(lines[1]!.startsWith(`"2";"'=CMD(""x"")";"/sector";"enum";`), lines[1]!)
  t.ok(lines[2]!.startsWith(`"3";"'+31";"/betalingsregeling";"geen-nagekomen-regeling";`), lines[2]!)
  t.match(lines[2], /AVG art\. 5/)
  t.equal(lines.length, 3)
})

t.test(
  'exit 1 at once, saying why: a file refused as a whole, a wrong secret, missing settings',
  async (t) => {
    const began = performance.now()
    const empty = await run([await save('leeg.ndjson', '')])
    t.equal(empty.code, 1)
    t.match(empty.stderr, /400 .*geen signalen/s)
    const file = await save('nog-een.ndjson', ndjson(manySignals(2, 'NOG')))
    const secret = 'Geheim-dat-niet-klopt'
    const wrong = await run([file], { ...settings, CLIENT_SECRET: secret })
    t.equal(wrong.code, 1)
    t.match(wrong.stderr, /400 invalid_client: De client is onbekend/)
    t.notMatch(wrong.stderr + wrong.stdout, secret)
    const nothing = await run([], {})
    t.equal(nothing.code, 1)
    t.match(nothing.stderr, /bestand.*CLIENT_ID.*CLIENT_SECRET/s)
    t.ok(performance.now() - began < 15_000, 'what will not change is not tried again')
  }
)

t.test(
  'exit 1 at once: https to a hub that speaks http, and a proxy that lets no large file through',
  async (t) => {
    const began = performance.now()
    const file = await save('onderweg.ndjson', ndjson(manySignals(2, 'ONDERWEG')))
    const insecure = await run([file], { ...settings, HUB_URL: url.replace('http:', 'https:') })
    t.equal(insecure.code, 1)
    t.match(insecure.stderr, /geen veilige verbinding.*ERR_SSL|EPROTO/s)
    const proxy = await before((request, reply) => {
      if (request.url === '/oauth/token') return false
      request
        .resume()
        .on('end', () => reply.writeHead(413, { 'content-type': 'text/html' }).end('<html>413</html>'))
      return true
    }, t)
    const large = await run([file], { ...settings, HUB_URL: proxy })
    t.equal(large.code, 1)
    t.match(large.stderr, /413 geen antwoord van de hub maar van een proxy ervoor: .*client_max_body_size/)
    t.ok(performance.now() - began < 15_000, 'what will not change is not tried again')
  }
)

t.test('a token that cannot be had this moment is asked for again', async (t) => {
  const file = await save('druk.ndjson', ndjson(manySignals(2, 'DRUK')))
  let refused = 0
  const busy = await before((request, reply) => {
    if (request.url !== '/oauth/token' || refused === 2) return false
    refused += 1
    request.resume().on('end', () => reply.writeHead(refused === 1 ? 503 : 429, { 'retry-after': '1' }).end())
    return true
  }, t)
  const { code, stdout } = await run([file], { ...settings, HUB_URL: busy })
  t.equal(code, 0)
  t.equal(refused, 2)
  t.match(stdout, /Opgenomen +2/)
})

// What stands before the hub: answers itself, or passes a request on.
async function before(
  answer: (request: IncomingMessage, reply: ServerResponse) => boolean,
  t: { teardown(end: () => unknown): unknown }
): Promise<string> {
  const server = createServer((request, reply) => {
    if (answer(request, reply)) return
    const { method, headers } = request
    const onward = httpRequest(`${url}${request.url}`, { method, headers }, (answered) => {
      reply.writeHead(answered.statusCode!, answered.headers)
      answered.pipe(reply)
    })
    request.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

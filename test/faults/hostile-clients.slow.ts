import { once as event } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { fetchToken } from '../demo/open-party.ts'
import { aSignalFor } from '../helpers/builders.ts'
import { settings, spare } from './fault-settings.ts'
import { openFaultStage } from './fault-stage.ts'
import { report } from './report.ts'

// Clients with a right to be there that do what no client should: they ask and do not read, or send what is small on the
// wire and long to work through.

t.setTimeout(settings.seconds * 1000 + spare)

const silentClients = 100
/** Milliseconds after which the server cuts off a connection on which nothing moves. It looks twice, a minute apart. */
const longestSilence = 2 * 60_000 + 30_000
/** Milliseconds that another request may take meanwhile: this machine has two cores, and a bomb takes one. */
const longestAnswer = 2_000
/** Milliseconds in which a bomb is answered. */
const longestBomb = 30_000
/** Megabytes. */
const mostGrowth = 120
const bombBytes = 1_000_000_000
const members = 50
/** As /proc/net/tcp writes it. */
const established = '01'

const stage = await openFaultStage(t)
const hub = await stage.addInstance({ LIMIET_VERZOEKEN: '0' })
await hub.start()
const { partners, gemeenten } = await stage.enrol(hub.url, [{ code: 'P', sectoren: ['huur'] }], ['0177'])
const tokens = {
  partner: await fetchToken(hub.url, partners[0]!.credentials),
  gemeente: await fetchToken(hub.url, gemeenten[0]!.credentials)
}
const large = '/v1/openapi.json'

t.test(`${silentClients} clients ask for much and read nothing`, async (t) => {
  const before = hub.memory()
  const sockets = await Promise.all(Array.from({ length: silentClients }, askWithoutReading))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  // What fits in the buffers between is asked and written as for any other reader.
  const asked = performance.now()
  while ((await slowestOf(1_000)) > longestAnswer && performance.now() - asked < longestSilence)
    await sleep(1)
  const slowest = await slowestOf(5_000)
  t.ok(slowest < longestAnswer, `another reader waits ${Math.round(slowest)} ms at most`)
  t.ok(stuck() > 0, 'clients are there with answers that wait to be read')
  t.ok(hub.memory() - before < mostGrowth, `${Math.round(hub.memory() - before)} MB more`)
  const full = performance.now()
  while (stuck() > 0 && performance.now() - full < longestSilence) await sleep(1_000)
  t.equal(stuck(), 0, 'none holds its connection for good')
  t.equal((await asGemeente('/v1/huishoudens')).status, 200)
})

/** What is small as it is sent and long when unpacked, by name: the start, what is repeated, the media type. */
const bombs: Readonly<Record<string, readonly [type: string, start: string, repeated: string]>> = {
  'line feeds': ['application/x-ndjson', '', '\n'],
  'carriage returns': ['application/x-ndjson', '', '\r'],
  'lines of spaces': ['application/x-ndjson', '', ' \r\n'],
  'empty objects': ['application/x-ndjson', '', '{}\n'],
  'one endless line': ['application/x-ndjson', '{"a":"', 'a'],
  'open brackets in lines': ['application/x-ndjson', '', '[[[[[[[[\n'],
  'line feeds in CSV': ['text/csv', 'referentie;sector\n', '\n'],
  'empty cells in CSV': ['text/csv', 'referentie;sector\n', ';\n'],
  'an open quotation mark in CSV': ['text/csv', 'referentie;sector\n"', '\n'],
  'quotation marks in CSV': ['text/csv', 'referentie;sector\n', '""'],
  'a header without end': ['text/csv', 'referentie', ';'],
  'white space in a list': ['application/json', '[', '\n'],
  'commas in a list': ['application/json', '[', ','],
  'numbers in a list': ['application/json', '[', '1,'],
  'brackets in a list': ['application/json', '[', '['],
  'quotation marks in a list': ['application/json', '["', '\\"']
}

let slowestBomb = 0
for (const [name, [type, start, repeated]] of Object.entries(bombs)) {
  t.test(`bomb of ${name}`, async (t) => {
    const before = hub.memory()
    const body = bombOf(start, repeated)
    const began = performance.now()
    const [answer, slowest] = await Promise.all([
      deliver(body, { 'content-type': type, 'content-encoding': 'gzip' }),
      slowestOf(1_000)
    ])
    const took = performance.now() - began
    slowestBomb = Math.max(slowestBomb, took)
    t.match(String(answer.status), /^(201|400|413)$/, `${answer.status}: ${answer.text.slice(0, 200)}`)
    t.ok(took < longestBomb, `answered in ${Math.round(took)} ms`)
    t.ok(slowest < longestAnswer, `another reader waits ${Math.round(slowest)} ms at most`)
    t.ok(hub.memory() - before < mostGrowth, `${Math.round(hub.memory() - before)} MB more`)
    t.equal((await deliver(signals(1), {})).status, 201, 'the next delivery works')
  })
}

t.test('what held', async () => {
  report({
    order: 5,
    what: 'hostile clients',
    done: `${silentClients} clients that ask for much and read nothing; ${Object.keys(bombs).length} bodies of up to a gigabyte in a megabyte`,
    held: `others were answered within ${longestAnswer / 1_000} s, memory grew less than ${mostGrowth} MB, no connection was kept; a bomb was answered in ${(slowestBomb / 1_000).toFixed(1)} s at most`
  })
})

function asGemeente(path: string): Promise<Response> {
  return fetch(`${hub.url}${path}`, {
    headers: { authorization: `Bearer ${tokens.gemeente}` },
    signal: AbortSignal.timeout(30_000)
  })
}

async function deliver(
  body: string | Buffer,
  headers: Record<string, string>
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${hub.url}/v1/aanleveringen`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.partner}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': crypto.randomUUID(),
      ...headers
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
    signal: AbortSignal.timeout(120_000)
  })
  return { status: answer.status, text: await answer.text() }
}

function signals(count: number): string {
  const run = crypto.randomUUID().slice(0, 8)
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify(
      aSignalFor('huur', {
        referentie: `H-${run}-${n}`,
        klantnummer: `K-${run}-${n}`,
        signaaldatum: new Date().toISOString().slice(0, 10),
        adres: { huisnummer: 1 + (n % 150) }
      })
    )
  ).join('\n')
}

/** Milliseconds of the slowest of the reads done one after another meanwhile. */
async function slowestOf(milliseconds: number): Promise<number> {
  const ends = performance.now() + milliseconds
  let slowest = 0
  while (performance.now() < ends) {
    const began = performance.now()
    await (await asGemeente('/v1/huishoudens?limit=1')).text()
    slowest = Math.max(slowest, performance.now() - began)
  }
  return slowest
}

async function askWithoutReading(): Promise<Socket> {
  const { hostname, port, host } = new URL(hub.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined).pause()
  await event(socket, 'connect')
  const request = `GET ${large} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  // More than the buffers between hold.
  socket.write(request.repeat(20))
  return socket
}

/** How many connections the hub has on which bytes wait that nobody takes. */
function stuck(): number {
  const port = Number(new URL(hub.url).port).toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return lines.filter((line) => {
    const [, local = '', , state, queues = ''] = line.trim().split(/\s+/)
    return local.endsWith(`:${port}`) && state === established && !queues.startsWith('00000000')
  }).length
}

/** Gzip of a gigabyte of the same: a file of several members, as `cat` makes of several files. */
function bombOf(start: string, repeated: string): Buffer {
  const member = gzipSync(repeated.repeat(Math.floor(bombBytes / members / repeated.length)))
  return Buffer.concat([gzipSync(start), ...Array.from({ length: members }, () => member)])
}

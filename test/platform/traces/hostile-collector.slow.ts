import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { freePort } from '../../../src/platform/free-port.ts'
import { openSpans } from '../../../src/platform/traces/open-spans.ts'
import type { Span } from '../../../src/platform/traces/span.ts'
import { openCollector } from './collector.ts'

const span = (): Span => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  name: 'GET /v1/criteria',
  kind: 'server',
  start: performance.timeOrigin + performance.now(),
  milliseconds: 1,
  isError: false,
  attributes: { 'http.response.status_code': 200 }
})

type Counts = { sent: number; failed: number; dropped: number }
type Sending = { readonly perTurn?: number; readonly isEnough?: (counts: Counts) => boolean }

/** Sends spans to a collector in six turns; says what became of them, and how long anything else had to wait. */
async function sendTo(endpoint: string, { perTurn = 2_000, isEnough = () => true }: Sending = {}) {
  const counts: Counts = { sent: 0, failed: 0, dropped: 0 }
  const reasons: unknown[] = []
  const spans = openSpans({
    collector: { endpoint, headers: {}, version: '1.0.0' },
    share: 1,
    failures: { failed: (error) => void reasons.push(error), worked: () => undefined },
    count: (result, amount) => {
      counts[result] += amount
    }
  })
  const batch = Array.from({ length: perTurn }, span)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  let longestTurn = 0
  // Starting a thread takes this one a while as well, once.
  await sleep(1_500)
  delay.enable()
  for (let turn = 0; turn < 6; turn += 1) {
    const began = performance.now()
    for (const one of batch) spans.record(one)
    longestTurn = Math.max(longestTurn, performance.now() - began)
    await sleep(250)
  }
  delay.disable()
  // A busy machine takes its time to start the thread.
  for (let turn = 0; turn < 240 && !isEnough(counts); turn += 1) await sleep(250)
  const began = performance.now()
  await spans.close()
  return { counts, reasons, longestTurn, p99: delay.percentile(99) / 1e6, closed: performance.now() - began }
}

const huge: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const pour = () => {
    while (response.write(`${'['.repeat(65_536)}`));
    response.once('drain', pour)
  }
  pour()
}
const deep: RequestListener = (_request, response) =>
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(`${'['.repeat(1_900_000)}${']'.repeat(1_900_000)}`)
const trickling: RequestListener = (_request, response) => {
  response.writeHead(200)
  const timer = setInterval(() => response.write(' '), 100)
  response.once('close', () => clearInterval(timer))
}

const hostile: Readonly<Record<string, RequestListener>> = {
  'that never answers': () => undefined,
  'that trickles': trickling,
  'whose answer has no end': huge,
  'whose answer is a tower': deep,
  'that refuses': (_request, response) => response.writeHead(401, 'Kanariegeelvink').end('Kanariegeelvink'),
  'that is not one': (request) => request.socket.end('Kanariegeelvink\r\n\r\n'),
  'that hangs up': (request) => request.socket.destroy(),
  'that is busy for a day': (_request, response) => response.writeHead(503, { 'retry-after': '86400' }).end(),
  'that sends us elsewhere': (_request, response) =>
    response.writeHead(307, { location: 'http://169.254.169.254/' }).end()
}

// Most of the time they wait, so several go on at once.
t.jobs = 5
for (const [title, answer] of Object.entries(hostile)) {
  t.test(`a collector ${title} costs traces, and the hub nothing`, { buffered: true }, async (t) => {
    const { endpoint } = await openCollector(t, answer)
    const { counts, reasons, longestTurn, p99, closed } = await sendTo(endpoint)
    t.comment({ counts, longestTurn, p99, closed })
    t.ok(counts.dropped > 0, 'it keeps no more than it can')
    t.ok(longestTurn < 200 && p99 < 200, `${longestTurn} and ${p99} ms`)
    t.ok(closed < 3_000)
    for (const reason of reasons) t.notMatch(`${(reason as Error).name}${JSON.stringify(reason)}`, 'Kanarie')
  })
}

t.test('a collector that is away is told by its code, and one that refuses by its status', async (t) => {
  const away = await sendTo(`http://127.0.0.1:${await freePort()}`, {
    perTurn: 1,
    isEnough: ({ failed }) => failed > 0
  })
  t.match(away.reasons, [{ name: 'CollectorAway', code: 'ECONNREFUSED' }])
  t.equal(away.counts.sent, 0)
  const { endpoint } = await openCollector(t, hostile['that refuses'])
  const refusing = await sendTo(endpoint, { perTurn: 1, isEnough: ({ failed }) => failed > 0 })
  t.match(refusing.reasons[0], { name: 'Collector401' })
  t.ok(refusing.counts.failed > 0)
})

t.test('one that works gets all that it can take', async (t) => {
  const { endpoint, spans } = await openCollector(t)
  const { counts, reasons } = await sendTo(endpoint, { perTurn: 200, isEnough: ({ sent }) => sent === 1_200 })
  t.same(counts, { sent: 1_200, failed: 0, dropped: 0 })
  t.equal(spans().length, 1_200)
  t.same(reasons, [])
})

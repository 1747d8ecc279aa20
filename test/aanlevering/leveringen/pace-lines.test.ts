import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { paceLines } from '../../../src/aanlevering/leveringen/pace-lines.ts'

const never = new AbortController().signal
const pace = { pause: 500, grace: 300, linesPerSecond: 100 }

async function* sent(batches: number, size: number, milliseconds: number) {
  for (let n = 0; n < batches; n += 1) {
    await sleep(milliseconds)
    yield Array.from({ length: size }, (_, line) => n * size + line)
  }
}

async function received(lines: AsyncIterable<readonly number[]>, ending = never, busy = 0): Promise<number> {
  let count = 0
  for await (const batch of paceLines(lines, pace, ending)) {
    count += batch.length
    await sleep(busy)
  }
  return count
}

const refusal = (receiving: Promise<unknown>) =>
  receiving.then(
    () => undefined,
    (error: unknown) => error
  )
const tooSlow = { slug: 'tijdelijk-niet-beschikbaar', detail: /te langzaam/ }

t.test('who sends at the pace is heard to the end, however long it takes', async (t) => {
  t.equal(await received(sent(20, 50, 40)), 1_000)
})

t.test('who trickles is given up, though no pause of his is too long', async (t) => {
  const began = performance.now()
  t.match(await refusal(received(sent(1_000, 1, 40))), tooSlow)
  const took = performance.now() - began
  t.ok(took > pace.grace && took < 5_000, `${took} ms`)
})

t.test('a short delivery may come slowly', async (t) => {
  t.equal(await received(sent(4, 1, 40)), 4)
})

t.test('the time that the hub itself takes is not his', async (t) => {
  t.equal(await received(sent(10, 1, 1), never, 60), 10)
})

t.test('a pause that is too long ends it, and so does the end of the hub', async (t) => {
  t.match(await refusal(received(sent(2, 50, 900))), tooSlow)
  const ending = AbortSignal.timeout(50)
  t.match(await refusal(received(sent(100, 50, 20), ending)), { detail: /wordt gestopt/ })
})

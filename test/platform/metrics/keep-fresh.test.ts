import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { keepFresh } from '../../../src/platform/metrics/keep-fresh.ts'
import { readWithin } from '../../../src/platform/metrics/read-within.ts'
import { openWaitingFigures } from '../../../src/sporen/waiting-store.ts'

t.test('however many ask, one read runs, and its result serves until it is old', async (t) => {
  let reads = 0
  const read = keepFresh(100, async () => {
    reads += 1
    await sleep(150)
    return reads
  })
  t.same(await Promise.all([read(), read(), read()]), [1, 1, 1])
  t.equal(await read(), 1)
  await sleep(120)
  t.same(await Promise.all([read(), read()]), [2, 2])
})

t.test('a failure is no longer fresh than a result', async (t) => {
  let reads = 0
  const read = keepFresh(20, async () => {
    reads += 1
    if (reads === 1) throw new Error('away')
    return reads
  })
  await t.rejects(read(), { message: 'away' })
  await sleep(40)
  t.equal(await read(), 2)
})

t.test('a wait has an end', async (t) => {
  t.equal(await readWithin(1_000, Promise.resolve(1)), 1)
  t.equal(await readWithin(1_000, Promise.reject(new Error('away'))), undefined)
  const began = performance.now()
  t.equal(await readWithin(30, sleep(2_000, 1, { ref: false })), undefined)
  t.ok(performance.now() - began < 1_000)
})

t.test('the oldest mark has waited since it was first seen to be the oldest', async (t) => {
  let now = 5_000
  const { show } = openWaitingFigures(() => now).find(({ name }) => name.includes('markering_age'))!
  const seen = (at: number, oldest: number | null) => {
    now = at
    return show!(oldest)
  }
  t.equal(seen(5_000, null), 0)
  t.equal(seen(20_000, 7), 0)
  t.equal(seen(35_000, 7), 15)
  t.equal(seen(50_000, 9), 0, 'another is the oldest')
  t.equal(seen(80_000, 9), 30)
  t.equal(seen(90_000, null), 0)
  t.equal(seen(95_000, 9), 0)
})

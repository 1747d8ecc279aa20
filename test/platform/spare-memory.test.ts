import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'tap'

const module = new URL('../../src/platform/spare-memory.ts', import.meta.url).href

// Keeps a list of objects for a while and drops it, again and again: what a delivery does with its lines.
const program = `
  import { getHeapStatistics } from 'node:v8'
  import { spareMemory } from ${JSON.stringify(module)}
  const standing = Array.from({ length: 300_000 }, (_, index) => ({ index }))
  let peak = 0
  const work = async () => {
    const kept = []
    for (let round = 0; round < 500; round += 1) {
      kept.push(Array.from({ length: 20_000 }, (_, index) => ({ index, round })))
      if (kept.length > 8) kept.shift()
      // Until the heap was collected once, nothing limits its growth.
      if (round >= 200) peak = Math.max(peak, getHeapStatistics().used_heap_size)
    }
  }
  const ways = {
    sparing: () => spareMemory(work),
    plain: work,
    afterwards: async () => {
      await spareMemory(async () => { throw new Error('work that fails') }).catch(() => undefined)
      await work()
    },
    beside: () => spareMemory(async () => { await spareMemory(async () => undefined); await work() })
  }
  await ways[process.argv[1]]()
  console.log(peak + standing.length)`

test('the heap stays smaller while memory is spared, and only then', async (t) => {
  const [plain, sparing, afterwards, beside] = await Promise.all(
    ['plain', 'sparing', 'afterwards', 'beside'].map(peakOf)
  )
  t.ok(sparing! < 0.8 * plain!, `${sparing} while sparing, ${plain} without`)
  t.ok(beside! < 0.8 * plain!, `${beside} after other work that spared memory ended`)
  t.ok(afterwards! > sparing! / 0.8, `${afterwards} after the work that spared memory failed`)
})

async function peakOf(way: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-semi-space-size=8',
    '--input-type=module',
    '--eval',
    program,
    way
  ])
  return Number(stdout)
}

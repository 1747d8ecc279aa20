import t from 'tap'
import type { Due } from '../../src/vernietiging/due-store.ts'
import { batchSize, planBatches } from '../../src/vernietiging/plan-batches.ts'

function due(gemeentecode: string, aantal: number, dag = '2026-11-20', handler = 'vroegsignalen'): Due {
  return { handler: handler as Due['handler'], gemeentecode, dag, aantal }
}

const codes = (count: number) => Array.from({ length: count }, (_, n) => String(1000 + n))
const shapeOf = (all: readonly Due[]) => planBatches(all).map(({ due }) => due.map(({ aantal }) => aantal))

t.test('nothing due: no batch', async (t) => {
  t.same(planBatches([]), [])
})

t.test('what is due in many municipalities shares transactions, up to a batch of rows', async (t) => {
  t.same(shapeOf([due('0001', 400), due('0002', 600), due('0003', 1), due('0004', 999)]), [
    [400, 600],
    [1, 999]
  ])
  const night = codes(342).map((code) => due(code, 30))
  const batches = planBatches(night)
  t.ok(batches.every(({ due }) => due.reduce((sum, { aantal }) => sum + aantal, 0) <= batchSize))
  t.ok(batches.length <= 11, 'a night of the whole country is some ten of them')
  t.same(
    batches.flatMap(({ due }) => due),
    night,
    'and none is left out'
  )
})

t.test('few municipalities are locked at once, however little each of them has', async (t) => {
  const batches = planBatches(codes(120).map((code) => due(code, 1)))
  t.same(
    batches.map(({ gemeentecodes }) => gemeentecodes.length),
    [50, 50, 20]
  )
  t.ok(
    batches.every(({ gemeentecodes }) => gemeentecodes.join() === [...gemeentecodes].sort().join()),
    'in the order in which they are locked'
  )
})

t.test('the days of a municipality count it once', async (t) => {
  const days = Array.from({ length: 60 }, (_, n) =>
    due('0001', 2, `2026-10-${String(1 + (n % 28)).padStart(2, '0')}`)
  )
  t.same(
    planBatches(days).map(({ gemeentecodes }) => gemeentecodes),
    [['0001']]
  )
})

t.test('more than a batch on one day is alone, so that its transactions follow each other', async (t) => {
  t.same(shapeOf([due('0001', 5), due('0002', 4800), due('0003', 5)]), [[5], [4800], [5]])
})

t.test('every handler has batches of its own', async (t) => {
  const all = [due('0001', 5), due('0001', 5, '2026-11-20', 'verlopenBezwaren'), due('0002', 5)]
  t.same(
    planBatches(all).map(({ handler, gemeentecodes }) => [handler, gemeentecodes]),
    [
      ['vroegsignalen', ['0001', '0002']],
      ['verlopenBezwaren', ['0001']]
    ]
  )
})

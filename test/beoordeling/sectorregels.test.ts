import t from 'tap'
import { sectoren } from '../../src/begrippen/vroegsignaal.ts'
import { criteria } from '../../src/beoordeling/criteria.ts'
import { sectorenWhere } from '../../src/beoordeling/sectorregels.ts'

t.test('a missing klantnummer is noticed in every sector that is expected to send one', async (t) => {
  const rows = criteria.filter(({ criterium }) => criterium === 'klantnummer-aanwezig')
  const covered = new Set(rows.flatMap((row) => row.sectoren))
  t.same(
    sectoren.filter((sector) => covered.has(sector)),
    sectorenWhere((regel) => regel.klantnummerVerwacht)
  )
  t.ok(rows.every((row) => row.sectoren.length > 0))
})

import fc from 'fast-check'
import t from 'tap'
import { ingrepen } from '../../../src/begrippen/organisatie.ts'
import { isInForce } from '../../../src/organisaties/overeenkomsten/overeenkomst.ts'
import { type Connection, withConnection } from '../../../src/platform/database/open-database.ts'
import { addDays, type IsoDate } from '../../../src/time.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'

// The rule for when an agreement is in force exists twice: in TypeScript, and in the SQL function of the policies.

const { adminUrl, drop } = await createTestDatabases()
t.teardown(drop)

type Overeenkomst = Parameters<typeof isInForce>[0]

// The days lie close together around a year end, so terms often begin or end on the day in question.
const day = fc.integer({ min: -3, max: 3 }).map((n) => addDays('2026-12-31', n))
const signature = fc.option(fc.constant({ naam: 'P. Proef' }), { freq: 5 })
const overeenkomst: fc.Arbitrary<Overeenkomst> = fc.record({
  ingangsdatum: day,
  einddatum: fc.option(day, { freq: 2 }),
  ingreep: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.constantFrom(...ingrepen)),
  ondertekeningSignaalpartner: signature,
  ondertekeningGemeente: signature
})
const days = fc.array(day, { minLength: 1, maxLength: 3 })

async function isInForceInSql(
  client: Connection,
  overeenkomst: Overeenkomst,
  days: readonly IsoDate[]
): Promise<boolean> {
  const row = Object.entries(overeenkomst).map(([name, value]) => [snake(name), value])
  const { rows } = await client.query(
    `select bool_and(overeenkomst_geldt(jsonb_populate_record(null::overeenkomst, $1), dag)) as geldt
     from unnest($2::date[]) dag`,
    [JSON.stringify(Object.fromEntries(row)), days]
  )
  return rows[0].geldt
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

t.test('the two agree about every agreement and day', async (t) => {
  const seen = { true: 0, false: 0 }
  await withConnection(adminUrl, async (client) => {
    const property = fc.asyncProperty(overeenkomst, days, async (overeenkomst, days) => {
      const expected = isInForce(overeenkomst, ...days)
      seen[`${expected}`] += 1
      return (await isInForceInSql(client, overeenkomst, days)) === expected
    })
    await fc.assert(property, { numRuns: 1_000 })
  })
  t.ok(seen.true > 100 && seen.false > 100, `both answers were tried: ${JSON.stringify(seen)}`)
})

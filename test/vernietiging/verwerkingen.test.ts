import { sql } from 'kysely'
import t from 'tap'
import { bewaartermijnen } from '../../src/begrippen/bewaartermijnen.ts'
import type { Context, Duty } from '../../src/platform/database/open-database.ts'
import { addMonths } from '../../src/time.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'

const now = '2026-11-20T09:00:00Z'
// In November the Netherlands are an hour ahead of UTC.
const firstKept = `${addMonths('2026-11-20', -bewaartermijnen.verwerking.maanden)}T00:00:00+01:00`
const lastGone = new Date(Date.parse(firstKept) - 1).toISOString()
const aDay = 86_400_000
const dayOlder = new Date(Date.parse(firstKept) - aDay).toISOString()
const dayYounger = new Date(Date.parse(firstKept) + aDay).toISOString()

/** Writes lines of the log that were made at an instant, straight into the table. */
async function log(hub: TestHub, gemeentecode: string, op: string, aantal = 1): Promise<void> {
  await hub.admin(
    `insert into verwerkingsblad (gemeentecode, id, trace_id, activiteit, betrokkene_pseudoniemen, object_ids, op)
     select $1, gen_random_uuid(), 'x', 'vroegsignaal-inzien', array['\\x01'::bytea], array[gen_random_uuid()], $2
     from generate_series(1, $3)`,
    [gemeentecode, op, aantal]
  )
}

async function kept(hub: TestHub): Promise<string[]> {
  const rows = await hub.admin<{ op: Date }>('select op from verwerkingsblad order by op')
  return rows.map(({ op }) => op.toISOString())
}

async function run(hub: TestHub, context: Context, statement: string): Promise<number> {
  return hub.database.as(context, async (tx) => {
    const { numAffectedRows } = await sql.raw(statement).execute(tx)
    return Number(numAffectedRows)
  })
}

t.test('a line of the log lives through the last day of its term, and not a day longer', async (t) => {
  const hub = await openTestHub(t, { now })
  await hub.gemeente('0177')
  for (const op of [dayOlder, lastGone, firstKept, dayYounger, now]) await log(hub, '0177', op)
  await log(hub, '0150', dayOlder)
  await hub.sweep()
  t.same(
    await kept(hub),
    [firstKept, dayYounger, now].map((op) => new Date(op).toISOString()),
    'also of a municipality that takes part no more'
  )
  hub.setClock('2026-11-20T22:59:59Z')
  await hub.sweep()
  t.equal((await kept(hub)).length, 3, 'a second before midnight in the Netherlands')
  hub.setClock('2026-11-20T23:00:00Z')
  await hub.sweep()
  t.equal((await kept(hub)).length, 2)
})

t.test('more lines than fit a batch go in one sweep', async (t) => {
  const hub = await openTestHub(t, { now })
  await log(hub, '0177', dayOlder, 2_500)
  await log(hub, '0177', dayYounger)
  await hub.sweep()
  t.equal((await kept(hub)).length, 1)
})

t.test('the database alone keeps every line whose term is not over', async (t) => {
  const hub = await openTestHub(t, { now })
  for (const op of [dayOlder, lastGone, firstKept, dayYounger, now]) await log(hub, '0177', op)
  const sweeper: Context = { duty: 'vernietiger', gemeentecodes: ['0177'] }
  t.equal(await run(hub, sweeper, 'delete from verwerkingsblad'), 2, 'whatever the sweeper asks')
  t.equal((await kept(hub)).length, 3)
  await t.rejects(run(hub, sweeper, "update verwerkingsblad set trace_id = 'y'"), { code: '42501' })
  await t.rejects(run(hub, sweeper, 'select trace_id from verwerkingsblad'), { code: '42501' })
})

t.test('nobody else deletes a line, also when its term is over', async (t) => {
  const hub = await openTestHub(t, { now })
  await log(hub, '0177', dayOlder)
  const others: Duty[] = ['toegang', 'beheer', 'signaalpartner', 'gemeente', 'afhandelaar', 'matcher']
  for (const duty of others) {
    const context = { duty, gemeentecodes: ['0177'] }
    await t.rejects(run(hub, context, 'delete from verwerkingsblad'), { code: '42501' }, duty)
  }
  const grant = 'grant delete on verwerkingsblad to signaalhub_gemeente'
  await hub.admin(grant)
  const gemeente: Context = { duty: 'gemeente', gemeentecodes: ['0177'] }
  await t.rejects(run(hub, gemeente, 'delete from verwerkingsblad'), /append-only/, 'nor with the right to')
  for (const statement of ['delete from verwerkingsblad', "update verwerkingsblad set trace_id = 'y'"]) {
    await t.rejects(hub.admin(statement), /append-only/, `nor does the owner: ${statement}`)
  }
  t.equal((await kept(hub)).length, 1)
})

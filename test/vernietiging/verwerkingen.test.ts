import { sql } from 'kysely'
import t from 'tap'
import { standaardInstellingen } from '../../src/organisaties/gemeenten/gemeente-schema.ts'
import type { Context, Duty } from '../../src/platform/database/open-database.ts'
import { addMonths } from '../../src/time.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

const now = '2026-11-20T09:00:00Z'
// In November the Netherlands are an hour ahead of UTC.
const firstKeptAfter = (jaren: number) => `${addMonths('2026-11-20', -12 * jaren)}T00:00:00+01:00`
const firstKept = firstKeptAfter(standaardInstellingen.bewaartermijnVerwerkingenJaren)
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

async function kept(hub: TestHub, gemeentecode = '0177'): Promise<string[]> {
  const query = 'select op from verwerkingsblad where gemeentecode = $1 order by op'
  const rows = await hub.admin<{ op: Date }>(query, [gemeentecode])
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
  await hub.sweep()
  t.same(
    await kept(hub),
    [firstKept, dayYounger, now].map((op) => new Date(op).toISOString())
  )
  hub.setClock('2026-11-20T22:59:59Z')
  await hub.sweep()
  t.equal((await kept(hub)).length, 3, 'a second before midnight in the Netherlands')
  hub.setClock('2026-11-20T23:00:00Z')
  await hub.sweep()
  t.equal((await kept(hub)).length, 2)
})

t.test(
  'a municipality chooses the term, from one year to five, and a shorter one works at once',
  async (t) => {
    const hub = await openTestHub(t, { now })
    const raalte = await hub.gemeente('0177')
    const deventer = await hub.gemeente('0150')
    const choose = (party: Party, gemeentecode: string, bewaartermijnVerwerkingenJaren: number) =>
      party.patch(
        `/v1/gemeenten/${gemeentecode}`,
        { instellingen: { bewaartermijnVerwerkingenJaren } },
        { 'if-match': '*' }
      )
    t.equal((await choose(raalte, '0177', 5)).statusCode, 200)
    for (const jaren of [0, 6]) t.equal((await choose(raalte, '0177', jaren)).statusCode, 400)
    const [one, five] = [firstKeptAfter(1), firstKeptAfter(5)]
    const justBefore = (op: string) => new Date(Date.parse(op) - 1).toISOString()
    for (const gemeentecode of ['0177', '0150'])
      for (const op of [justBefore(five), five, firstKept, justBefore(one), one])
        await log(hub, gemeentecode, op)
    const isos = (...ops: string[]) => ops.map((op) => new Date(op).toISOString())
    await hub.sweep()
    t.same(await kept(hub), isos(five, firstKept, justBefore(one), one))
    t.same(await kept(hub, '0150'), isos(firstKept, justBefore(one), one), 'three years by default')
    t.equal((await choose(deventer, '0150', 1)).statusCode, 200)
    await hub.sweep()
    t.same(await kept(hub, '0150'), isos(one))
    t.equal((await kept(hub)).length, 4)
  }
)

t.test('more lines than fit a batch go in one sweep', async (t) => {
  const hub = await openTestHub(t, { now })
  await hub.gemeente('0177')
  await log(hub, '0177', dayOlder, 2_500)
  await log(hub, '0177', dayYounger)
  await hub.sweep()
  t.equal((await kept(hub)).length, 1)
})

t.test('the database alone keeps every line whose term is not over', async (t) => {
  const hub = await openTestHub(t, { now })
  await hub.gemeente('0177')
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

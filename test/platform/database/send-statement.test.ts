import { type RawBuilder, sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase, type Tx } from '../../../src/platform/database/open-database.ts'
import { sendStatement } from '../../../src/platform/database/transaction-of.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const asSweeper = { duty: 'vernietiger' } as const
const divide = sql`select 1 / 0`
const division = { code: '22012' }

async function openOne(t: Test) {
  const hub = await openTestHub(t)
  const { databaseUrl: url } = hub.databases
  const database = openDatabase({ url, poolSize: 1, clock: hub.hub.clock, onError: () => undefined })
  t.teardown(database.close)
  const jobs = async () =>
    (await hub.admin<{ job: string }>('select job from job_run order by job')).map(({ job }) => job)
  return { database, jobs }
}

const addJob = (job: string): RawBuilder<unknown> =>
  sql`insert into job_run (job, slot, gestart_op) values (${job}, '1', now())`

t.test('what is sent without waiting is carried out, in order, before the commit', async (t) => {
  const { database, jobs } = await openOne(t)
  const seen = await database.as(asSweeper, async (tx) => {
    sendStatement(tx, addJob('a'))
    const { rows } = await sql<{ job: string }>`select job from job_run`.execute(tx)
    sendStatement(tx, addJob('b'))
    return rows
  })
  t.same(seen, [{ job: 'a' }])
  t.same(await jobs(), ['a', 'b'])
})

t.test('its failure is the failure of the transaction, whatever the work makes of it', async (t) => {
  const { database, jobs } = await openOne(t)
  const works: Record<string, (tx: Tx) => Promise<unknown>> = {
    'as the last statement': async (tx) => {
      await addJob('a').execute(tx)
      sendStatement(tx, divide)
      return 'shown'
    },
    'as the only one': async (tx) => {
      sendStatement(tx, divide)
      return 'shown'
    },
    'before another, which then fails too': async (tx) => {
      sendStatement(tx, divide)
      await addJob('b').execute(tx)
    },
    'before another whose failure is hidden': async (tx) => {
      sendStatement(tx, divide)
      await addJob('c')
        .execute(tx)
        .catch(() => undefined)
      return 'shown'
    },
    'before one that fails for another reason': async (tx) => {
      sendStatement(tx, divide)
      sendStatement(tx, sql`select from bestaat_niet`)
    }
  }
  for (const [when, work] of Object.entries(works)) {
    await t.rejects(database.as(asSweeper, work), division, when)
    t.same(await jobs(), [], 'nothing stays')
  }
  const { rows } = await database.as(asSweeper, (tx) => sql`select 1 as one`.execute(tx))
  t.same(rows, [{ one: 1 }], 'and the connection is good')
})

t.test('work that gives up for a reason of its own fails for that, and nothing stays either', async (t) => {
  const { database, jobs } = await openOne(t)
  const giving = database.as(asSweeper, async (tx) => {
    await addJob('a').execute(tx)
    sendStatement(tx, divide)
    throw new Error('gave up')
  })
  await t.rejects(giving, { message: 'gave up' })
  t.same(await jobs(), [])
})

t.test('nothing can be sent once the transaction is over', async (t) => {
  const { database, jobs } = await openOne(t)
  let kept: Tx | undefined
  await database.as(asSweeper, async (tx) => {
    kept = tx
    await addJob('a').execute(tx)
  })
  sendStatement(kept!, addJob('late'))
  await database.as(asSweeper, (tx) => sql`select 1`.execute(tx))
  t.same(await jobs(), ['a'])
})

import { sql } from 'kysely'
import t from 'tap'
import { destroyDataKeys, listDestroyedDataKeys } from '../../../src/platform/crypto/key-store.ts'
import { isTemporary } from '../../../src/platform/database/database-errors.ts'
import { noStatementNames } from '../../../src/platform/database/name-statements.ts'
import {
  type Context,
  type Database,
  openDatabase,
  withConnection
} from '../../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../../src/platform/database/open-key-pool.ts'
import { toProblem } from '../../../src/platform/http/problem-handler.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

type Closing = { teardown(end: () => Promise<void>): unknown }

async function openHub(t: Parameters<typeof openTestHub>[0] & Closing, poolSize: number) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  await hub.gemeente('0141')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177', '0141'])
  for (const gemeentecode of ['0177', '0141']) {
    const answer = await verhuurder.post(
      '/v1/vroegsignalen',
      aSignal({ referentie: gemeentecode, gemeentecode })
    )
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  const lost: Error[] = []
  const database = openDatabase({
    url: hub.databases.databaseUrl,
    poolSize,
    clock: hub.hub.clock,
    onError: (error) => void lost.push(error)
  })
  t.teardown(database.close)
  return { hub, raalte, verhuurder, database }
}

const settings = ['hub.gemeentecodes', 'hub.signaalpartner_id', 'hub.client_id', 'hub.vandaag'] as const

function whoAmI(database: Database, context: Context) {
  return database.as(context, async (tx) => {
    const { rows } = await sql<{ rol: string; pid: number } & Record<string, string>>`
      select current_user as rol, pg_backend_pid() as pid, ${sql.join(
        settings.map((name) => sql`current_setting(${name}, true) as ${sql.ref(name.replace('hub.', ''))}`)
      )}`.execute(tx)
    return rows[0]!
  })
}

const gemeentecodesSeen = (database: Database, context: Context) =>
  database.as(context, async (tx) => {
    const rows = await tx.selectFrom('vroegsignaal').select('gemeentecode').orderBy('gemeentecode').execute()
    return rows.map(({ gemeentecode }) => gemeentecode)
  })

t.test('what a transaction may see never reaches the next user of its connection', async (t) => {
  const { verhuurder, database } = await openHub(t, 1)
  const raalte: Context = { duty: 'gemeente', gemeentecodes: ['0177'], clientId: verhuurder.id }
  t.same(await gemeentecodesSeen(database, raalte), ['0177'])
  const before = await whoAmI(database, raalte)
  t.match(before, { rol: 'signaalhub_gemeente', gemeentecodes: '0177', clientId: verhuurder.id })
  const after = await whoAmI(database, { duty: 'toegang' })
  t.equal(after.pid, before.pid, 'it is the same connection')
  t.match(after, { rol: 'signaalhub_toegang', gemeentecodes: '', signaalpartnerId: '', clientId: '' })
  await t.rejects(database.as(raalte, () => Promise.reject(new Error('halfway'))))
  t.same(await gemeentecodesSeen(database, { duty: 'gemeente' }), [], 'nor after one that failed')
  t.same(await gemeentecodesSeen(database, { duty: 'signaalpartner', signaalpartnerId: verhuurder.id }), [
    '0141',
    '0177'
  ])
  t.same(await gemeentecodesSeen(database, { duty: 'signaalpartner' }), [])
})

t.test('many tenants at once over few connections: each sees its own and no others', async (t) => {
  const { verhuurder, database } = await openHub(t, 3)
  const turns = Array.from({ length: 120 }, async (_, n) => {
    if (n % 4 === 3) return t.same(await gemeentecodesSeen(database, { duty: 'gemeente' }), [])
    if (n % 4 === 2) {
      const partner: Context = { duty: 'signaalpartner', signaalpartnerId: verhuurder.id }
      return t.same(await gemeentecodesSeen(database, partner), ['0141', '0177'])
    }
    const own = n % 4 === 0 ? '0177' : '0141'
    return t.same(await gemeentecodesSeen(database, { duty: 'gemeente', gemeentecodes: [own] }), [own])
  })
  await Promise.all(turns)
})

t.test('without a tenant no duty that belongs to one sees or changes a row', async (t) => {
  const { database, raalte } = await openHub(t, 2)
  await raalte.get('/v1/huishoudens')
  const count = (context: Context, table: string) =>
    database.as(context, async (tx) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.ref(table)}`.execute(tx)
      return rows[0]!.n
    })
  const readable = {
    signaalpartner: ['signaalpartner', 'overeenkomst', 'vroegsignaal', 'idempotentie', 'bezwaar'],
    gemeente: [
      'overeenkomst',
      'vroegsignaal',
      'huishouden',
      'verwerkingsblad',
      'vernietiging',
      'idempotentie'
    ],
    matcher: ['huishouden'],
    vernietiger: ['huishouden', 'bezwaar', 'vernietiging']
  } as const
  for (const [duty, tables] of Object.entries(readable)) {
    for (const table of tables)
      t.equal(await count({ duty: duty as Context['duty'] }, table), 0, `${duty} ${table}`)
  }
  t.equal(await count({ duty: 'gemeente', gemeentecodes: ['0177'] }, 'huishouden'), 1, 'with one it does')
})

t.test(
  'a statement, a lock or a connection that takes too long is a 503 that says when to try again',
  async (t) => {
    const { hub, verhuurder, database } = await openHub(t, 1)
    const slow = database.as({ duty: 'toegang', statementTimeout: 50 }, (tx) =>
      sql`select pg_sleep(5)`.execute(tx)
    )
    const error = await slow.then(
      () => undefined,
      (cause: unknown) => cause
    )
    t.match(toProblem(error), { slug: 'tijdelijk-niet-beschikbaar', retryAfter: 5 })

    const release = Promise.withResolvers<void>()
    const holder = database.as({ duty: 'toegang' }, () => release.promise)
    const waiting = await gemeentecodesSeen(database, { duty: 'gemeente' }).then(
      () => undefined,
      (cause) => cause
    )
    t.ok(isTemporary(waiting), 'no connection within two seconds')
    release.resolve()
    await holder
    t.same(await gemeentecodesSeen(database, { duty: 'gemeente' }), [], 'and then it works again')

    await withConnection(hub.databases.adminUrl, async (client) => {
      await client.query('begin')
      await client.query('select from overeenkomst for update')
      const answer = await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'WACHT' }))
      t.equal(answer.statusCode, 503)
      t.ok(answer.headers['retry-after'])
      await client.query('rollback')
    })
    t.equal((await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'WACHT' }))).statusCode, 201)
  }
)

t.test('a connection that is lost in use fails its own transaction and nothing else', async (t) => {
  const { hub, database } = await openHub(t, 2)
  const started = Promise.withResolvers<number>()
  const working = database.as({ duty: 'toegang' }, async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    started.resolve(rows[0]!.pid)
    await sql`select pg_sleep(5)`.execute(tx)
  })
  const failure = working.then(
    () => undefined,
    (cause: unknown) => cause
  )
  await hub.admin('select pg_terminate_backend($1)', [await started.promise])
  t.ok(isTemporary(await failure))
  t.same(await gemeentecodesSeen(database, { duty: 'gemeente', gemeentecodes: ['0177'] }), ['0177'])
})

t.test('a context that cannot be set fails the work with its own reason, and nothing is done', async (t) => {
  const { database } = await openHub(t, 1)
  const work = database.as({ duty: 'onbekend' as never }, (tx) =>
    tx.selectFrom('gemeente').selectAll().execute()
  )
  t.match(await work.catch((cause: unknown) => cause), { code: '22023', message: /role/ })
  const idle = database.as({ duty: 'onbekend' as never }, async () => 'no statement at all')
  t.match(await idle.catch((cause: unknown) => cause), { code: '22023' })
  t.same(await gemeentecodesSeen(database, { duty: 'gemeente', gemeentecodes: ['0177'] }), ['0177'])
})

t.test(
  'a transaction cannot be used after its end, when its connection may serve somebody else',
  async (t) => {
    const { database } = await openHub(t, 1)
    const ended = await database.as({ duty: 'gemeente', gemeentecodes: ['0177'] }, async (tx) => ({ tx }))
    await t.rejects(ended.tx.selectFrom('vroegsignaal').select('id').execute(), /over/)
  }
)

t.test('a transaction in which a statement failed is not taken for committed', async (t) => {
  const { database } = await openHub(t, 1)
  const work = database.as({ duty: 'toegang' }, async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => undefined)
  })
  await t.rejects(work, /division by zero/, 'and the statement says why')
})

t.test('ask() obeys the same rules as a transaction, and takes only one statement', async (t) => {
  const { database } = await openHub(t, 1)
  const raalte: Context = { duty: 'gemeente', gemeentecodes: ['0177'] }
  const seen = await database.ask(raalte, (tx) =>
    tx.selectFrom('vroegsignaal').select('gemeentecode').execute()
  )
  t.same(seen, [{ gemeentecode: '0177' }])
  t.same(await gemeentecodesSeen(database, { duty: 'gemeente' }), [], 'nothing of it stays on the connection')

  const failing = database.ask(raalte, (tx) => sql`select 1 / 0`.execute(tx))
  t.match(await failing.catch((cause: unknown) => cause), { code: '22012' })
  const unknown = database.ask({ duty: 'onbekend' as never }, (tx) =>
    tx.selectFrom('gemeente').selectAll().execute()
  )
  t.match(await unknown.catch((cause: unknown) => cause), { code: '22023', message: /role/ })
  const second = database.ask(raalte, async (tx) => {
    await sql`select 1`.execute(tx)
    await sql`select 2`.execute(tx)
  })
  await t.rejects(second, /over/)
  t.equal(await database.ask(raalte, async () => 'no statement at all'), 'no statement at all')
  t.same(await gemeentecodesSeen(database, raalte), ['0177'])
})

const prepared = (database: Database, duty: Context['duty']) =>
  database.as({ duty }, async (tx) => {
    const { rows } = await sql<{ name: string }>`
      select name from pg_prepared_statements where name like ${`${duty}-%`}`.execute(tx)
    return rows.length
  })

t.test('the server keeps statements per duty, and none when told not to', async (t) => {
  const { hub, database } = await openHub(t, 1)
  const partner: Context = { duty: 'signaalpartner' }
  await gemeentecodesSeen(database, partner)
  const before = await prepared(database, 'signaalpartner')
  await gemeentecodesSeen(database, partner)
  t.equal(await prepared(database, 'signaalpartner'), before, 'a repeat adds none')
  await gemeentecodesSeen(database, { duty: 'gemeente' })
  t.ok((await prepared(database, 'gemeente')) > 0)
  const { databaseUrl: url } = hub.databases
  const options = { url, poolSize: 1, clock: hub.hub.clock, onError: () => undefined }
  const plain = openDatabase({ ...options, statements: noStatementNames })
  t.teardown(plain.close)
  await gemeentecodesSeen(plain, partner)
  t.equal(await prepared(plain, 'signaalpartner'), 0)
})

t.test('a statement that the schema has overtaken fails once, as a 503, and then works again', async (t) => {
  const { hub, database } = await openHub(t, 1)
  const gemeenten = () => database.as({ duty: 'toegang' }, (tx) => sql`select * from proef`.execute(tx))
  await hub.admin('create table proef (a integer)')
  await hub.admin('grant select on proef to signaalhub_toegang')
  await gemeenten()
  await hub.admin('alter table proef add column b integer')
  const outdated = await gemeenten().catch((cause: unknown) => cause)
  t.match(toProblem(outdated as Error), { slug: 'tijdelijk-niet-beschikbaar' })
  t.same((await gemeenten()).rows, [])
  await hub.admin('drop table proef')
})

t.test('days and instants are read right, whatever style and zone the server is set to', async (t) => {
  const { hub } = await openHub(t, 1)
  const { databaseUrl: url, sleutelDatabaseUrl } = hub.databases
  for (const address of [url, sleutelDatabaseUrl]) {
    const name = new URL(address).pathname.slice(1)
    await hub.admin(`alter database ${name} set datestyle to 'German, DMY'`)
    await hub.admin(`alter database ${name} set timezone to 'Europe/Amsterdam'`)
  }
  const ignore = () => undefined
  const abroad = openDatabase({ url, poolSize: 1, clock: hub.hub.clock, onError: ignore })
  t.teardown(abroad.close)
  const read = (database: Database) =>
    database.as({ duty: 'gemeente', gemeentecodes: ['0177'] }, (tx) =>
      tx.selectFrom('vroegsignaal').select(['reactiedatum', 'ontvangenOp']).execute()
    )
  const [found] = await read(abroad)
  t.match(found?.reactiedatum, /^\d{4}-\d\d-\d\d$/)
  t.same(found, (await read(hub.database))[0])

  const keyPool = openKeyPool({ url: sleutelDatabaseUrl, poolSize: 1, clock: hub.hub.clock, onError: ignore })
  t.teardown(keyPool.close)
  const now = hub.hub.clock()
  await destroyDataKeys(keyPool, '2999-01-01', now)
  const [destroyed] = await listDestroyedDataKeys(keyPool, '2000-01-01', '2999-01-01')
  t.match(destroyed?.dag, /^\d{4}-\d\d-\d\d$/)
  t.same(destroyed?.vernietigdOp, now)
})

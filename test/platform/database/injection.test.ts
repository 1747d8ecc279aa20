import { sql } from 'kysely'
import t from 'tap'
import { type Context, type Duty, withConnection } from '../../../src/platform/database/open-database.ts'
import { contextA, seed } from '../../toegang/attempts.ts'
import { openTenants } from '../../toegang/tenants.ts'

// What an attacker who got words of his own into a statement would try, under every duty: to end the statement and begin
// another, or to change the duty or the tenant from inside it. The hub logs in here as production demands.

const tenants = await openTenants(t)
const { hub } = tenants
await seed(tenants)
const found = await hub.admin<{ rolname: string }>(
  `select rolname from pg_roles where rolname ~ '^signaalhub_' and not rolcanlogin
   and has_schema_privilege(oid, 'public', 'usage')`
)
const duties = found.map(({ rolname }) => rolname.replace('signaalhub_', '') as Duty)

/** The rows of a statement, or the SQLSTATE that it fails with; undone afterwards. */
async function played(context: Context, text: string): Promise<unknown[] | string> {
  let rows: unknown[] = []
  try {
    await hub.database.as(context, async (tx) => {
      rows = (await sql.raw<unknown>(text).execute(tx)).rows
      throw new Error('undo')
    })
  } catch (error) {
    return (error as { code?: string }).code ?? rows
  }
  return rows
}

// Each stands where a value should have stood: `select gemeentecode from gemeente where naam = '…'`.
const endings = [
  `'; reset role; select geheim_hash from client_geheim; --`,
  `'; set local role signaalhub_toegang; select geheim_hash from client_geheim; --`,
  `'; set local hub.gemeentecodes = '0150'; select id from vroegsignaal; --`,
  `'; alter table verwerkingsblad disable trigger all; --`,
  `'; commit; begin; --`
]

const refusals: readonly string[] = [
  `set_config('role', 'none', true)`,
  `set_config('role', 'signaalhub_toegang', true)`,
  `set_config('session_authorization', 'signaalhub_test', true)`,
  `set_config('hub.gemeentecodes', '0150', true)`,
  `set_config('hub.herkomsten', 'x/y', true)`,
  `set_config('hub.client_id', gen_random_uuid()::text, true)`,
  `set_config('hub.vandaag', '2000-01-01', true)`,
  `pg_catalog.set_config('row_security', 'off', false)`
]

// Functions that carry out a text.
const texts = [
  `query_to_xml('reset role', true, true, '')`,
  `query_to_xml('set local role signaalhub_toegang', true, true, '')`,
  `query_to_xml('set local hub.gemeentecodes = ''0150''', true, true, '')`,
  `ts_stat('set local role signaalhub_toegang')`
]

t.test('no statement can be ended and another begun', async (t) => {
  for (const duty of duties) {
    for (const ending of endings) {
      const text = `select gemeentecode from gemeente where naam = '${ending}`
      t.equal(await played(contextA(tenants, duty), text), '42601', `${duty} ${ending}`)
    }
  }
})

t.test('no statement can change its own duty, tenant or day', async (t) => {
  for (const duty of duties) {
    const context = contextA(tenants, duty)
    for (const call of [...refusals, ...texts]) {
      for (const text of [
        `select ${call.startsWith('ts_stat') ? `* from ${call}` : call}`,
        ...(call.startsWith('ts_stat')
          ? []
          : [
              `select v.id from (select ${call} as x) s, lateral (select * from vroegsignaal where x is not null) v`
            ])
      ]) {
        const answer = await played(context, text)
        t.type(answer, 'string', `${duty} ${text}`)
        t.match(answer, /^(42501|0A000|42P11)$/, `${duty} ${text}: ${answer}`)
      }
    }
  }
})

t.test('what is left of a login that takes no duty reaches nothing', async (t) => {
  const tables = await hub.admin<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'p')`
  )
  await withConnection(hub.databases.databaseUrl, async (client) => {
    const refuses = async (text: string, message = text) =>
      t.equal(
        await client.query(text).then(
          ({ rows }) => rows,
          ({ code }) => code
        ),
        '42501',
        message
      )
    for (const { name } of tables) await refuses(`select from public.${name}`)
    await client.query('begin; set local role signaalhub_gemeente; reset role')
    await refuses('select geheim_hash from public.client_geheim', 'after reset role')
    await client.query('rollback')
    for (const text of [
      'alter table public.verwerkingsblad disable trigger all',
      'alter table public.verwerkingsblad no force row level security',
      'alter table public.vroegsignaal disable row level security',
      'drop policy gemeente_lezen on public.verwerkingsblad',
      'create or replace function public.weiger_wijziging() returns trigger language plpgsql as $$ begin return null; end $$',
      'create table public.mijn (a integer)',
      'create schema mijn',
      'grant signaalhub_beheer to signaalhub_gemeente',
      'create role nog_een',
      'alter role signaalhub_test createrole',
      `set session_replication_role = 'replica'`,
      `copy (select 1) to program 'true'`,
      `select pg_read_file('/etc/passwd')`
    ])
      await refuses(text)
    const { rows } = await client.query(
      `select (select count(*)::integer from pg_shdepend s where s.deptype = 'o' and s.refobjid = r.oid) as owned,
         (select array_agg(o.rolname) from pg_roles o where o.oid <> r.oid and pg_has_role(r.oid, o.oid, 'usage')) as inherited,
         rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit as mighty
       from pg_roles r where rolname = session_user`
    )
    t.same(rows, [{ owned: 0, inherited: null, mighty: false }])
  })
})

t.test('row security that is switched off hides no less: it refuses', async (t) => {
  await withConnection(hub.databases.databaseUrl, async (client) => {
    await client.query('set row_security = off; begin; set local role signaalhub_gemeente')
    const asked = client.query('select from vroegsignaal')
    await t.rejects(asked, { code: '42501' })
  })
})

// What cannot be closed: a login that may take duties takes them when it is told to, by whoever writes a whole statement.
t.test('whoever writes a whole statement can take another duty; the hub never sends one', async (t) => {
  await hub.database.as(contextA(tenants, 'gemeente'), async (tx) => {
    await sql.raw('set local role signaalhub_toegang').execute(tx)
    const { rows } = await sql<{ role: string }>`select current_user as role`.execute(tx)
    t.equal(rows[0]!.role, 'signaalhub_toegang')
  })
})

t.test('the duty that holds the keys does to them what it must, and has no other right', async (t) => {
  const { sleutelDatabaseUrl } = hub.databases
  const asHouder = (text: string) =>
    withConnection(sleutelDatabaseUrl, async (client) => {
      await client.query('begin; set local role signaalhub_sleutelhouder')
      return client.query(text).then(
        ({ rowCount }) => rowCount ?? 0,
        ({ code }) => code as string
      )
    })
  for (const text of [
    `update sleutel set gewikkeld = '\\x00'`,
    'delete from sleutel',
    'truncate sleutel',
    `update dagsleutel set gewikkeld = '\\x00'`,
    'delete from vernietigde_dagsleutel',
    'update vernietigde_dagsleutel set vernietigd_op = now()',
    'delete from klok',
    'delete from migratie',
    `insert into migratie (naam, hash) values ('x', 'x')`,
    'alter table sleutel add column x integer',
    'create table x (a integer)'
  ])
    t.equal(await asHouder(text), '42501', text)
  t.ok(Number(await asHouder('select from sleutel')) > 0)
  await withConnection(sleutelDatabaseUrl, async (client) => {
    await t.rejects(client.query('select from public.sleutel'), { code: '42501' }, 'without the duty')
    for (const duty of ['toegang', 'beheer', 'sleutelbewaarder'])
      await t.rejects(client.query(`set role signaalhub_${duty}`), { code: '42501' }, duty)
  })
  await withConnection(hub.databases.databaseUrl, (client) =>
    t.rejects(client.query('set role signaalhub_sleutelhouder'), { code: '42501' }, 'who serves rows')
  )
})

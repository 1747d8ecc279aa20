import t from 'tap'
import type { Duty, Tx } from '../../../src/platform/database/open-database.ts'
import {
  attempt,
  contextA,
  copyOf,
  seed,
  tablesWithoutRows,
  tenantColumn,
  tenantsIn,
  tenantTables
} from '../../toegang/attempts.ts'
import { openTenants } from '../../toegang/tenants.ts'

const tenants = await openTenants(t)
const { hub } = tenants
const duties: readonly Duty[] = [
  'toegang',
  'beheer',
  'signaalpartner',
  'gemeente',
  'afhandelaar',
  'doorzender',
  'matcher',
  'vernietiger',
  'herleider',
  'herindeler',
  'sleutelbewaarder',
  'teller',
  'verzegelaar',
  'waarnemer',
  'bezorger'
]

// The tables in which a duty sees rows of all tenants, and why. Elsewhere it sees one tenant.
const acrossTenants: Record<string, string> = {
  'beheer signaalpartner_telling': 'counts for the monitor',
  'beheer abonnement_wens': 'subscriptions follow their client',
  'beheer bezorging': 'what waits for a client that has no access any more is dropped; ids only',
  'bezorger bezorging': 'finds the municipalities that have something to hear; ids only',
  'bezorger client': 'finds out who may still be told',
  'bezorger gebeurtenis': 'finds the municipalities that have something to tell; ids only',
  'beheer afwijzing_telling': 'counts for the monitor',
  'beheer client': 'the operator hands these out',
  'beheer gemeente': 'the operator keeps these',
  'beheer overeenkomst': 'the operator keeps these',
  'beheer vernietiging': 'proof of destruction, no personal data',
  'herleider gemeente': 'goes along all municipalities',
  'gemeente gemeente': 'which municipalities take part is no secret',
  'matcher gemeente': 'which municipalities take part is no secret',
  'matcher huishouden_markering': 'finds the municipalities that have work',
  'signaalpartner abonnement_wens': 'a signal is told where somebody wants to hear of it; not who',
  'signaalpartner gemeente': 'the rules of a municipality are what its signals are judged by',
  'sleutelbewaarder vroegsignaal': 'finds what an old dump brought back; ids and days, no content',
  'verzegelaar gemeente': 'goes along all municipalities',
  'toegang client': 'finds out who calls',
  'waarnemer gemeente': 'goes along all municipalities, for the terms that they chose',
  'waarnemer huishouden_markering': 'counts the addresses that wait; a number per mark, no address',
  'waarnemer bezorging': 'counts the deliveries that wait, and since when; nothing of what they tell',
  'vernietiger gemeente': 'goes along all municipalities',
  'vernietiger idempotentie': 'removes what has expired; no content'
}

const isPublic = (name: string) => name.startsWith('adresregister_')
const tables = await tenantTables(tenants)
const ofTenants = tables.filter(({ name }) => !isPublic(name))
// Their rows are those of a table that is tried itself, and nothing can be written through them.
const views = ['verwerking']
const refused = [0, '42501']
await seed(tenants)

t.test('row level security is on, and forced on the owner too, for every table of a tenant', async (t) => {
  const open = await hub.admin<{ relname: string }>(`
    select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and not (relrowsecurity and relforcerowsecurity) order by relname`)
  const exposed = open
    .map(({ relname }) => relname)
    .filter((name) => tables.some((table) => table.name === name))
  t.same(
    exposed.filter((name) => !isPublic(name)),
    [],
    'the public data of the address register are the one exception'
  )
  t.ok(ofTenants.length >= 10)
})

t.test('no role of the hub can log in, is superuser or gets past row level security', async (t) => {
  const roles = await hub.admin<{ rolname: string; mighty: boolean; rolcanlogin: boolean }>(`
    select rolname, rolcanlogin, rolsuper or rolbypassrls or rolcreatedb or rolreplication as mighty
    from pg_roles where rolname ~ '^signaalhub_' order by rolname`)
  t.same(
    roles.filter(({ mighty }) => mighty),
    []
  )
  t.same(
    roles.filter(({ rolcanlogin }) => rolcanlogin).map(({ rolname }) => rolname),
    ['signaalhub_test', 'signaalhub_test_eigenaar', 'signaalhub_test_sleutels']
  )
  t.ok(duties.every((duty) => roles.some(({ rolname }) => rolname === `signaalhub_${duty}`)))
  const owners = await hub.admin(
    `
    select relname from pg_class join pg_roles on pg_roles.oid = relowner
    where relnamespace = 'public'::regnamespace and rolname = any($1)`,
    [duties.map((duty) => `signaalhub_${duty}`)]
  )
  t.same(owners, [], 'no duty owns a table')
  const detours = await hub.admin(`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
    union select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
    and not coalesce('security_invoker=true' = any(reloptions), false)`)
  t.same(detours, [], 'no function or view runs with the rights of its owner')
})

t.test('without a tenant no duty sees a row of anybody, save what is told', async (t) => {
  t.same(await tablesWithoutRows(tenants, ofTenants), [], 'there is something to see everywhere')
  for (const duty of duties) {
    for (const { name } of ofTenants) {
      const seen = await attempt(tenants, { duty }, `select from ${name}`)
      t.equal(refused.includes(seen), !(`${duty} ${name}` in acrossTenants), `${duty} ${name}: ${seen}`)
    }
  }
})

t.test('with a tenant a duty sees the rows of that tenant only', async (t) => {
  let rows = 0
  for (const duty of duties) {
    for (const table of ofTenants) {
      const column = tenantColumn(duty, table)
      if (`${duty} ${table.name}` in acrossTenants || column === undefined) continue
      const [own] = tenantsIn(tenants, duty, column)
      const see = (where: string) =>
        attempt(tenants, contextA(tenants, duty), `select from ${table.name} ${where}`)
      const others = await see(`where ${column} <> '${own}'`)
      t.ok(refused.includes(others), `${duty} ${table.name}: ${others} rows of another tenant`)
      const seen = await see(`where ${column} = '${own}'`)
      if (typeof seen === 'number') rows += seen
    }
  }
  t.ok(rows > 20, 'and its own it does see')
})

t.test('no duty but the operator’s can write a row to another tenant, or move one there', async (t) => {
  for (const duty of duties.filter((name) => name !== 'beheer')) {
    for (const table of ofTenants) {
      const { name } = table
      const column = tenantColumn(duty, table)
      if (views.includes(name)) continue
      if (column === undefined) continue
      const [, other] = tenantsIn(tenants, duty, column)
      const run = (statement: string) => attempt(tenants, contextA(tenants, duty), statement)
      const moved = await run(`update ${name} set ${column} = '${other}'`)
      t.ok(refused.includes(moved), `${duty} moves ${name}: ${moved}`)
      const changed = await run(`update ${name} set ${column} = ${column} where ${column} = '${other}'`)
      t.ok(refused.includes(changed), `${duty} changes ${name}: ${changed}`)
      t.equal(await run(await copyOf(tenants, table, column, other)), '42501', `${duty} adds to ${name}`)
      if (`${duty} ${name}` in acrossTenants) continue
      const deleted = await run(`delete from ${name} where ${column} = '${other}'`)
      t.ok(refused.includes(deleted), `${duty} deletes from ${name}: ${deleted}`)
    }
  }
})

t.test(
  'a signal moves only from the first municipality of a move to the second, and where its partner may signal',
  async (t) => {
    const move = (gemeentecodes: string[], to: string) =>
      attempt(
        tenants,
        { ...contextA(tenants, 'doorzender'), gemeentecodes },
        `update vroegsignaal set gemeentecode = '${to}', doorgezonden_van = gemeentecode, afgerond = true,
        status = 'ontvangen' where gemeentecode = '${gemeentecodes[0]}'`
      )
    t.equal(await move(['0177', '0150'], '0150'), 2, 'there is an agreement')
    t.equal(await move(['0177'], '0150'), '42501')
    t.equal(await move(['0177', '9999'], '0150'), '42501')
    t.equal(await move(['0150', '0177'], '0150'), '42501', 'it is where it was')
    await hub.admin(`update overeenkomst set ingreep = 'opgeschort' where gemeentecode = '0150'`)
    t.equal(await move(['0177', '0150'], '0150'), '42501', 'and now there is none')
    await hub.admin(`update overeenkomst set ingreep = null where gemeentecode = '0150'`)
    const run = (statement: string) => attempt(tenants, contextA(tenants, 'afhandelaar'), statement)
    t.equal(await run(`delete from vroegsignaal`), '42501', 'and nobody else moves one')
    t.equal(await run(`update vroegsignaal set gemeentecode = '0150'`), '42501')
  }
)

t.test(
  'a re-division moves only from the first municipality to the second, and not before its day',
  async (t) => {
    const herindeling = (values: string) =>
      hub.admin(`delete from herindeling; insert into herindeling values (${values}, '2026-11-01', null)`)
    const move = (gemeentecodes: string[], table = 'vroegsignaal') =>
      attempt(
        tenants,
        { duty: 'herindeler', gemeentecodes },
        `update ${table} set gemeentecode = '${gemeentecodes[1]}' where gemeentecode = '${gemeentecodes[0]}'`
      )
    const see = (gemeentecodes: string[], table: string) =>
      attempt(tenants, { duty: 'herindeler', gemeentecodes }, `select from ${table}`)
    await herindeling(`'0177', '0150', '2026-11-21', '0150'`)
    t.equal(await move(['0177', '0150']), 0, 'the day before')
    t.equal(await see(['0177', '0150'], 'client'), 0)
    await herindeling(`'0177', '0150', '2026-11-20', '0150'`)
    t.ok(Number(await move(['0177', '0150'])) > 0, 'on the day')
    t.ok(Number(await see(['0177', '0150'], 'client')) > 0)
    t.equal(await move(['0150', '0177']), 0, 'and never back')
    t.equal(await see(['0150', '0177'], 'bezwaar'), 0)
    t.equal(await see(['0177'], 'vroegsignaal'), 0)
    await herindeling(`'0177', '0150', '2027-01-01', '0150'`)
  }
)

t.test('a partner marks addresses only in municipalities it has an agreement with', async (t) => {
  const mark = (code: string) =>
    `insert into huishouden_markering (gemeentecode, adres_index) values ('${code}', '\\x01')`
  t.equal(await attempt(tenants, contextA(tenants, 'signaalpartner'), mark('0177')), 1)
  t.equal(await attempt(tenants, contextA(tenants, 'signaalpartner'), mark('9999')), '42501')
  t.equal(await attempt(tenants, { duty: 'signaalpartner' }, mark('0177')), '42501')
})

t.test('a tenant does not outlive its transaction, whatever connection comes next', async (t) => {
  const count = (tx: Tx) => tx.selectFrom('vroegsignaal').select('id').execute()
  const rounds = await Promise.all(
    Array.from({ length: 60 }, (_, round) => {
      const gemeentecodes = [['0177'], ['0150'], []][round % 3]!
      return hub.database.as({ duty: 'gemeente', gemeentecodes }, async (tx) => [
        round % 3,
        (await count(tx)).length
      ])
    })
  )
  t.same([...new Set(rounds.map(String))].sort(), ['0,2', '1,2', '2,0'])
})

t.test('the processing log can be added to, and nothing else, even by its owner', async (t) => {
  for (const statement of [
    'update verwerkingsblad set trace_id = $$x$$',
    'delete from verwerkingsblad',
    'truncate verwerkingsblad'
  ]) {
    await t.rejects(hub.admin(statement), /append-only/, statement)
  }
})

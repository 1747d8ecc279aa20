import t from 'tap'
import { type Connection, withConnection } from '../../../src/platform/database/open-database.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'
import { rechten } from './rechten.ts'
import { rechtenInCatalogus } from './rechten-in-catalogus.ts'

const databases = await createTestDatabases()
t.teardown(() => databases.drop())

const written = Object.entries(rechten).flatMap(([duty, tables]) =>
  Object.entries(tables).map(([table, [may]]) => `${duty} ${table}: ${may}`)
)

t.test(
  'each duty may do with each table what is written, each with its reason, and nothing else',
  async (t) => {
    t.same(await withConnection(databases.adminUrl, listed), written)
    const reasons = Object.values(rechten).flatMap((tables) =>
      Object.values(tables).map(([, because]) => because)
    )
    t.same(
      reasons.filter((because) => because.length < 5),
      []
    )
  }
)

const changes: Readonly<Record<string, string>> = {
  'a new table': 'create table nieuw (id uuid); grant select on nieuw to signaalhub_gemeente',
  'a new view':
    'create view nieuw as select id from vroegsignaal; grant select on nieuw to signaalhub_matcher',
  'a grant on a table': 'grant delete on vroegsignaal to signaalhub_afhandelaar',
  'a grant on a column': 'grant select (inhoud) on vroegsignaal to signaalhub_matcher',
  'a grant to all': 'grant select on terugkoppeling to public',
  'a right to empty a table': 'grant truncate on bezwaar to signaalhub_gemeente',
  'a policy': 'create policy meer on vroegsignaal for select to signaalhub_matcher using (true)',
  'a policy for all': 'create policy meer on bezwaar for select using (true)',
  'a duty more in a policy': 'alter policy teller on vroegsignaal to signaalhub_teller, signaalhub_matcher',
  'a table without row level security': 'alter table bezwaar disable row level security',
  'row level security that leaves the owner free': 'alter table bezwaar no force row level security',
  'a right that is gone': 'revoke select on overeenkomst from signaalhub_doorzender'
}

for (const [name, change] of Object.entries(changes)) {
  t.test(`${name} that is not written shows`, async (t) => {
    const found = await withConnection(databases.adminUrl, (client) => after(client, change))
    t.not(`${found}`, `${written}`)
  })
}

t.test('a policy that is gone shows, whichever it is', async (t) => {
  await withConnection(databases.adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string; table: string }>(
      `select polname as name, polrelid::regclass::text as table from pg_policy order by 2, 1`
    )
    t.ok(rows.length > 100)
    for (const { name, table } of rows) {
      const found = await after(client, `drop policy ${name} on ${table}`)
      t.not(`${found}`, `${written}`, `${name} on ${table}`)
    }
  })
})

async function after(client: Connection, change: string): Promise<string[]> {
  await client.query(`begin; ${change}`)
  const found = await listed(client)
  await client.query('rollback')
  return found
}

async function listed(client: Connection): Promise<string[]> {
  const { rows } = await client.query(rechtenInCatalogus)
  return rows.map(({ duty, table, may }) => `${duty} ${table}: ${may}`)
}

import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { withDatabase } from '../../../src/platform/database/ensure-databases.ts'
import { migrate, missingMigrations } from '../../../src/platform/database/migrate.ts'
import { withConnection } from '../../../src/platform/database/open-database.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const server = process.env.TEST_DATABASE_URL!
type Closing = { teardown(end: () => Promise<void>): unknown }

async function emptyDatabase(t: Closing): Promise<string> {
  const name = `hub_leeg_${randomBytes(6).toString('hex')}`
  await withConnection(server, (client) => client.query(`create database ${name}`))
  t.teardown(async () => {
    await withConnection(server, (client) => client.query(`drop database ${name} with (force)`))
  })
  return withDatabase(server, name)
}

async function copyOfMigrations(t: Closing): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-migraties-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await cp(migrations, folder, { recursive: true })
  return folder
}

const filesIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()

async function tablesIn(url: string): Promise<string[]> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query(
      `select tablename from pg_tables where schemaname = 'public' order by 1`
    )
    return rows.map(({ tablename }) => tablename)
  })
}

t.test(
  'an empty database gets every migration, in order; a second time there is nothing left to do',
  async (t) => {
    const url = await emptyDatabase(t)
    const all = await filesIn(migrations)
    t.same(await missingMigrations(url, migrations), all)
    t.same(await migrate(url, migrations), all)
    t.same(await migrate(url, migrations), [])
    t.same(await missingMigrations(url, migrations), [])
    t.ok((await tablesIn(url)).includes('vroegsignaal'))
    const keys = await emptyDatabase(t)
    t.same(await migrate(keys, join(migrations, 'sleutels')), await filesIn(join(migrations, 'sleutels')))
  }
)

t.test(
  'a migration that was changed after it was applied is refused by name, and nothing happens',
  async (t) => {
    const url = await emptyDatabase(t)
    const folder = await copyOfMigrations(t)
    await migrate(url, folder)
    const first = (await filesIn(folder))[0]!
    await writeFile(join(folder, first), `${await readFile(join(folder, first), 'utf8')}\n-- anders`)
    await writeFile(join(folder, '9999-nieuw.sql'), 'create table nieuw (id int)')
    const refusal = { message: `migration ${first} was changed after it was applied; add a new one instead` }
    await t.rejects(migrate(url, folder), refusal)
    await t.rejects(missingMigrations(url, folder), refusal)
    t.notOk((await tablesIn(url)).includes('nieuw'))
  }
)

t.test('a database of another version is refused, newer or from before the first release', async (t) => {
  const newer = await copyOfMigrations(t)
  await writeFile(join(newer, '9999-nieuwer.sql'), 'create table nieuwer (id int)')
  await refusesAfter(t, newer, '9999-nieuwer.sql')

  const older = await copyOfMigrations(t)
  const [first, second] = await filesIn(older)
  await rename(join(older, first!), join(older, '0001-ouder.sql'))
  await writeFile(join(older, second!), `${await readFile(join(older, second!), 'utf8')}\n-- anders`)
  await refusesAfter(t, older, '0001-ouder.sql')
})

async function refusesAfter(t: Test, folder: string, unknown: string): Promise<void> {
  const url = await emptyDatabase(t)
  await migrate(url, folder)
  const before = await tablesIn(url)
  const refusal = {
    message: `this database was migrated by another version of signaalhub: it has ${unknown}, which this version does not know; start that version, or use a new database if this one is from before the first release`
  }
  await t.rejects(migrate(url, migrations), refusal)
  await t.rejects(missingMigrations(url, migrations), refusal)
  t.same(await tablesIn(url), before)
}

t.test('a migration that fails takes the others of its run with it; mended, all are applied', async (t) => {
  const url = await emptyDatabase(t)
  const folder = await copyOfMigrations(t)
  await writeFile(join(folder, '9998-goed.sql'), 'create table goed (id int)')
  await writeFile(join(folder, '9999-fout.sql'), 'create table fout (id onbekend)')
  await t.rejects(migrate(url, folder))
  t.same(await tablesIn(url), [], 'not even the list of what was applied')
  await writeFile(join(folder, '9999-fout.sql'), 'create table fout (id int)')
  t.same((await migrate(url, folder)).slice(-2), ['9998-goed.sql', '9999-fout.sql'])
})

t.test('instances that migrate at the same moment: one does it, the others find it done', async (t) => {
  const url = await emptyDatabase(t)
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, migrations)))
  const sizes = applied.map(({ length }) => length).sort((a, b) => a - b)
  t.same(sizes, [0, 0, 0, (await filesIn(migrations)).length])
})

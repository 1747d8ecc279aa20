import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { withDatabase } from '../../src/platform/database/ensure-databases.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'

export type TestDatabases = {
  /** The URL for the hub's login, which owns its two databases but is no superuser. */
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  /** The main database as superuser, who bypasses row level security. */
  readonly adminUrl: string
  drop(): Promise<void>
}

const login = 'signaalhub_test'
const password = 'signaalhub_test'
const template = 'hub_sjabloon'
const keyTemplate = 'hub_sjabloon_sleutels'
const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Creates two databases as clones of templates. The first test of a run migrates the templates. */
export async function createTestDatabases(): Promise<TestDatabases> {
  const server = serverUrl()
  const name = `hub_${randomBytes(6).toString('hex')}`
  await withConnection(server, async (client) => {
    // One process at a time: PostgreSQL cannot copy a template while another session uses it.
    await client.query('select pg_advisory_lock(7163043)')
    await prepareTemplates(client, server)
    await client.query(`create database ${name} template ${template} owner ${login}`)
    await client.query(`create database ${name}_sleutels template ${keyTemplate} owner ${login}`)
  })
  return {
    databaseUrl: asLogin(server, name),
    sleutelDatabaseUrl: asLogin(server, `${name}_sleutels`),
    adminUrl: withDatabase(server, name),
    drop: () => dropDatabases(server, name)
  }
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`')
  return url
}

async function prepareTemplates(client: Connection, server: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [keyTemplate])
  if (rowCount !== 0) return
  await client.query(`drop database if exists ${template}`)
  await client.query(`do $$ begin create role ${login} login createrole password '${password}';
    exception when duplicate_object then null; end $$`)
  await client.query(`create database ${template} owner ${login}`)
  await migrate(asLogin(server, template), migrations)
  await client.query(`create database ${keyTemplate}_nieuw owner ${login}`)
  await migrate(asLogin(server, `${keyTemplate}_nieuw`), `${migrations}/sleutels`)
  await client.query(`alter database ${keyTemplate}_nieuw rename to ${keyTemplate}`)
}

function asLogin(server: string, database: string): string {
  const url = new URL(withDatabase(server, database))
  url.username = login
  url.password = password
  return url.toString()
}

async function dropDatabases(server: string, name: string): Promise<void> {
  await withConnection(server, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`drop database if exists ${name}_sleutels with (force)`)
  })
}

import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { withDatabase, withLogin } from '../../src/platform/database/ensure-databases.ts'
import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'
import { planDatabase } from '../../src/platform/database/set-up-databases.ts'

export type TestDatabases = {
  /** The URLs for the hub's logins, which own nothing and may take its duties, as `databases inrichten` makes them. */
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  /** The main database as superuser, who bypasses row level security. */
  readonly adminUrl: string
  readonly sleutelAdminUrl: string
  /** The main database for the login that owns it and migrates. */
  readonly ownerUrl: string
  drop(): Promise<void>
}

const service = loginNamed('signaalhub_test')
const keyService = loginNamed('signaalhub_test_sleutels')
const owner = loginNamed('signaalhub_test_eigenaar')
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
    await client.query(`create database ${name} template ${template} strategy file_copy owner ${owner.name}`)
    await client.query(
      `create database ${name}_sleutels template ${keyTemplate} strategy file_copy owner ${owner.name}`
    )
  })
  return {
    databaseUrl: asLogin(service, server, name),
    sleutelDatabaseUrl: asLogin(keyService, server, `${name}_sleutels`),
    adminUrl: withDatabase(server, name),
    sleutelAdminUrl: withDatabase(server, `${name}_sleutels`),
    ownerUrl: asLogin(owner, server, name),
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
  await setUp({ adminUrl: server, database: template, owner, service, migrations })
  const unfinished = `${keyTemplate}_nieuw`
  await setUp({
    adminUrl: server,
    database: unfinished,
    owner,
    service: keyService,
    migrations: `${migrations}/sleutels`
  })
  await client.query(`alter database ${unfinished} rename to ${keyTemplate}`)
}

async function setUp(wanted: Parameters<typeof planDatabase>[0]): Promise<void> {
  for (const step of await planDatabase(wanted)) await step.run()
}

function loginNamed(name: string) {
  return { name, password: name }
}

function asLogin({ name, password }: typeof service, server: string, database: string): string {
  return withLogin(withDatabase(server, database), name, password)
}

async function dropDatabases(server: string, name: string): Promise<void> {
  await withConnection(server, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`drop database if exists ${name}_sleutels with (force)`)
  })
}

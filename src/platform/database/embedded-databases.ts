import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { ensureDatabase, withDatabase } from './ensure-databases.ts'
import { withConnection } from './open-database.ts'

export type EmbeddedDatabases = {
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  stop(): Promise<void>
}

const login = 'signaalhub'

/** Starts a PostgreSQL of the hub's own in `dir`, with its two databases and a login that is no superuser. */
export async function openEmbeddedDatabases(dir: string): Promise<EmbeddedDatabases> {
  const postgres = await startEmbeddedPostgres({ dir })
  try {
    return { ...(await prepare(postgres, dir)), stop: () => postgres.stop() }
  } catch (cause) {
    await postgres.stop()
    throw cause
  }
}

async function prepare(postgres: EmbeddedPostgres, dir: string) {
  const admin = postgres.url('postgres')
  const password = await keepSecret(join(dir, 'login.password'), () => randomBytes(24).toString('base64url'))
  await ensureLogin(admin, password)
  await ensureDatabase(admin, 'signaalhub', login)
  await ensureDatabase(admin, 'signaalhub_sleutels', login)
  const address = new URL(admin)
  address.username = login
  address.password = password
  return {
    databaseUrl: withDatabase(address.toString(), 'signaalhub'),
    sleutelDatabaseUrl: withDatabase(address.toString(), 'signaalhub_sleutels')
  }
}

async function ensureLogin(admin: string, password: string): Promise<void> {
  await withConnection(admin, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login])
    const verb = rowCount === 0 ? 'create' : 'alter'
    await client.query(`${verb} role ${login} login createrole password ${client.escapeLiteral(password)}`)
  })
}

/** The secret in a file only the owner may read, made the first time. */
export async function keepSecret(path: string, make: () => string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    const secret = make()
    await writeFile(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  }
}

import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts'
import type { Cleanup } from './cleanup.ts'

/** A PostgreSQL that only the demo uses, with the two databases of a hub. */
export type DemoDatabase = {
  /** A fresh folder. It is removed when the demo ends. */
  readonly dir: string
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  /** The main database as superuser, who bypasses row level security. */
  readonly adminUrl: string
}

const login = 'signaalhub_demo'

/** Starts an embedded PostgreSQL in a fresh folder. The hub's login owns its databases but is no superuser. */
export async function startDemoDatabase(cleanup: Cleanup): Promise<DemoDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'signaalhub-demo-'))
  cleanup.add(() => rmSync(dir, { recursive: true, force: true }))
  // Under root, PostgreSQL runs as an ordinary user, who must be able to enter the folder.
  chmodSync(dir, 0o711)
  const postgres = await startEmbeddedPostgres({ dir, durable: false })
  // The data lies outside `dir` when the ordinary user cannot enter `dir`.
  cleanup.add(() => rmSync(dirname(postgres.dataDir), { recursive: true, force: true }))
  cleanup.add(postgres.stop)
  const password = randomBytes(24).toString('base64url')
  await withConnection(postgres.url('postgres'), async (client) => {
    await client.query(`create role ${login} login createrole password ${client.escapeLiteral(password)}`)
    await client.query(`create database hub owner ${login}`)
    await client.query(`create database hub_sleutels owner ${login}`)
  })
  const asLogin = (name: string) => {
    const url = new URL(postgres.url(name))
    url.username = login
    url.password = password
    return url.toString()
  }
  return {
    dir,
    databaseUrl: asLogin('hub'),
    sleutelDatabaseUrl: asLogin('hub_sleutels'),
    adminUrl: postgres.url('hub')
  }
}

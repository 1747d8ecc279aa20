import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withConnection } from '../../src/platform/database/open-database.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres
} from '../../src/platform/embedded/embedded-postgres.ts'
import type { Cleanup } from '../demo/cleanup.ts'

/** The two databases of one hub. */
export type BenchDatabases = {
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  /** The main database as superuser, who bypasses row level security. */
  readonly adminUrl: string
  drop(): Promise<void>
}

/** A PostgreSQL that only the bench uses, as durable as a real one. */
export type BenchServer = {
  /** A fresh folder. It is removed when the bench ends. */
  readonly dir: string
  /** A folder that the server itself can write to. */
  readonly serverDir: string
  createDatabases(): Promise<BenchDatabases>
}

const login = 'signaalhub_bench'
const asOnAServer = { shared_buffers: '1GB', max_wal_size: '4GB', jit: 'off' }

/** Starts PostgreSQL in a fresh folder, with fsync on and the memory settings of a real server. */
export async function startBenchServer(cleanup: Cleanup): Promise<BenchServer> {
  const dir = mkdtempSync(join(tmpdir(), 'signaalhub-bench-'))
  cleanup.add(() => rmSync(dir, { recursive: true, force: true }))
  // Under root, PostgreSQL runs as an ordinary user, who must be able to enter the folder.
  chmodSync(dir, 0o711)
  const postgres = await startEmbeddedPostgres({ dir, settings: asOnAServer })
  cleanup.add(() => rmSync(dirname(postgres.dataDir), { recursive: true, force: true }))
  cleanup.add(postgres.stop)
  const password = randomBytes(24).toString('base64url')
  await withConnection(postgres.url('postgres'), (client) =>
    client.query(`create role ${login} login createrole password ${client.escapeLiteral(password)}`)
  )
  let made = 0
  return {
    dir,
    serverDir: postgres.dataDir,
    createDatabases: () => createDatabases(postgres, `hub${++made}`, password)
  }
}

async function createDatabases(
  postgres: EmbeddedPostgres,
  name: string,
  password: string
): Promise<BenchDatabases> {
  const names = [name, `${name}_sleutels`]
  const forEach = (statement: (name: string) => string) =>
    withConnection(postgres.url('postgres'), async (client) => {
      for (const one of names) await client.query(statement(one))
    })
  await forEach((one) => `create database ${one} owner ${login}`)
  const asLogin = (one: string) => {
    const url = new URL(postgres.url(one))
    url.username = login
    url.password = password
    return url.toString()
  }
  return {
    databaseUrl: asLogin(names[0]!),
    sleutelDatabaseUrl: asLogin(names[1]!),
    adminUrl: postgres.url(name),
    drop: () => forEach((one) => `drop database if exists ${one} with (force)`)
  }
}

import { randomBytes } from 'node:crypto'
import { ensureDatabase, ensureLogin, withLogin } from '../database/ensure-databases.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

/** Databases on an embedded PostgreSQL. */
export type EmbeddedDatabases = {
  /** The address of a database for the login. */
  readonly url: (database: string) => string
  readonly dataDir: string
  /** Aborted when the server has ended without being stopped. */
  readonly gone: AbortSignal
  readonly stop: () => Promise<void>
}

/** Starts the PostgreSQL of `dir`, with these databases and a login that owns them but is no superuser. */
export async function openEmbeddedDatabases(
  dir: string,
  login: string,
  databases: readonly string[]
): Promise<EmbeddedDatabases> {
  const { url, dataDir, gone, stop } = await startEmbeddedPostgres({ dir })
  try {
    const admin = url('postgres')
    const password = randomBytes(24).toString('base64url')
    await ensureLogin(admin, login, password)
    for (const database of databases) await ensureDatabase(admin, database, login)
    return { url: (database) => withLogin(url(database), login, password), dataDir, gone, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts'

/** A folder that is gone after the test, which a database under another user may enter. */
export async function openFolder(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'signaalhub-eigen-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  // Under root, the database runs as an ordinary user, who must be able to enter the folder.
  await chmod(dir, 0o755)
  return dir
}

/** Starts a PostgreSQL of this test's own; returns the address of each of its databases. */
export async function openServer(t: Test): Promise<(database: string) => string> {
  const dir = await openFolder(t)
  const { url, stop, dataDir } = await startEmbeddedPostgres({ dir, durable: false, settings: {} })
  t.teardown(async () => {
    await stop()
    await rm(dirname(dataDir), { recursive: true, force: true })
  })
  return url
}

/**
 * Has the hubs of this test file run on a PostgreSQL of their own. On the shared one the tests beside it create and drop
 * databases, so that a connection now and then reads the whole catalog again, whatever statement is measured.
 */
export async function useOwnServer(t: Test): Promise<void> {
  process.env.TEST_DATABASE_URL = (await openServer(t))('postgres')
}

import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts'
import { ordinaryUser, runAs } from '../../src/platform/embedded/ordinary-user.ts'
import { findPostgresBinaries } from '../../src/platform/embedded/postgres-binaries.ts'
import { openFolder } from '../helpers/own-server.ts'

/** A PostgreSQL that the test may break. Its address stays the same. */
export type DatabaseServer = {
  url(database: string): string
  /** Ends the server without a word to anybody, as a crash does, and starts it: it recovers from its log. */
  restart(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** Kills the process of one session of the hub, at which the server ends all others and recovers. False when there is none. */
  killBackend(): Promise<boolean>
  /** Ends a share of the sessions of hubs, as an operator does. Resolves with how many. */
  endSessions(share: number): Promise<number>
}

const settings = {
  max_connections: 300,
  // What the system has taken over survives the end of any process; only that of the machine is not tried.
  fsync: 'off',
  max_wal_size: '512MB'
}

/** Starts a PostgreSQL of the test's own that keeps what it has committed, however it ends. */
export async function openDatabaseServer(t: Test): Promise<DatabaseServer> {
  const dir = await openFolder(t)
  const { url, stop, dataDir } = await startEmbeddedPostgres({ dir, settings })
  const user = ordinaryUser()
  const { pgCtl } = await findPostgresBinaries(user)
  const control = (action: string, ...options: string[]) =>
    runAs(user, pgCtl, [action, '-s', '-w', '-t', '60', '-D', dataDir, ...options])
  // With the port and settings of the first start, also when the server does not run.
  const restart = async () =>
    void (await control('restart', '-m', 'immediate', '-l', join(dataDir, 'postgres.log')))
  t.teardown(async () => {
    await stop()
    await rm(dirname(dataDir), { recursive: true, force: true })
  })
  const asAdmin = <Row>(query: string, values: unknown[] = []) =>
    withConnection(url('postgres'), async (client) => (await client.query(query, values)).rows as Row[])
  return {
    url,
    restart,
    start: restart,
    stop: async () => void (await control('stop', '-m', 'immediate')),
    killBackend: async () => {
      const [one] = await asAdmin<{ pid: number }>(`${sessions} order by random() limit 1`)
      if (one === undefined) return false
      process.kill(one.pid, 'SIGKILL')
      return true
    },
    endSessions: async (share) =>
      (await asAdmin(`select pg_terminate_backend(pid) from (${sessions}) s where random() < $1`, [share]))
        .length
  }
}

const sessions = `select pid from pg_stat_activity where application_name = 'signaalhub' and pid <> pg_backend_pid()
  and usename = 'signaalhub_test'`

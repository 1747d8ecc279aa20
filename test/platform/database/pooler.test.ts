import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { keepsStatements } from '../../../src/platform/database/keeps-statements.ts'
import { withConnection } from '../../../src/platform/database/open-database.ts'
import { freePort } from '../../../src/platform/free-port.ts'
import { openFolder, openServer } from '../../helpers/own-server.ts'
import { startServer } from '../server-process.ts'

// Behind a PgBouncer in transaction mode every transaction may have another connection to the server.

const found = findProgram('pgbouncer')
const notRun = 'NOT RUN: no pgbouncer in PATH, so the hub was not tried behind a pooler'
const isOld =
  found !== undefined &&
  /1\.([0-9]|1[0-9]|20)\./.test(execFileSync(found, ['--version'], { encoding: 'utf8' }))

function findProgram(name: string): string | undefined {
  try {
    return execFileSync('which', [name], {
      encoding: 'utf8',
      env: { PATH: `${process.env.PATH}:/usr/sbin` }
    }).trim()
  } catch {
    return undefined
  }
}

// A PgBouncer with its default settings but for the mode; returns the address of a database behind it.
async function openPooler(t: Test, urlOf: (database: string) => string, poolSize?: number) {
  const dir = await openFolder(t)
  const port = await freePort()
  const server = new URL(urlOf('postgres'))
  await writeFile(join(dir, 'users.txt'), `"${server.username}" "${decodeURIComponent(server.password)}"\n`)
  const databases = ['signaalhub', 'signaalhub_sleutels'].map(
    (name) => `${name} = host=${server.hostname} port=${server.port} dbname=${name}`
  )
  const settings = [
    '[databases]',
    ...databases,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    `unix_socket_dir =`,
    'pool_mode = transaction',
    ...(poolSize ? [`default_pool_size = ${poolSize}`] : []),
    'auth_type = plain',
    `auth_file = ${join(dir, 'users.txt')}`,
    ...(process.getuid!() === 0 ? ['user = nobody'] : [])
  ]
  await writeFile(join(dir, 'pgbouncer.ini'), settings.join('\n'))
  await chmod(join(dir, 'pgbouncer.ini'), 0o644)
  const pooler: ChildProcess = spawn(found!, ['-q', join(dir, 'pgbouncer.ini')], { stdio: 'ignore' })
  t.teardown(() => pooler.kill('SIGKILL'))
  return (database: string) => {
    const url = new URL(urlOf(database))
    url.port = String(port)
    return url.toString()
  }
}

async function until(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}

t.test(
  'behind a pooler with one connection the question is not waited for',
  { skip: found === undefined && notRun },
  async (t) => {
    const direct = await openServer(t)
    await withConnection(direct('postgres'), (client) => client.query('create database signaalhub'))
    const pooled = await openPooler(t, direct, 1)
    await until(() => withConnection(pooled('signaalhub'), (client) => client.query('select 1')))
    const began = performance.now()
    t.equal(await keepsStatements(pooled('signaalhub')), false)
    t.ok(performance.now() - began < 10_000)
  }
)

t.test('a server of its own keeps statements', async (t) => {
  const url = await openServer(t)
  t.equal(await keepsStatements(url('postgres')), true)
})

t.test(
  'behind a pooler with its default settings the hub finds out, says so once, and answers every request',
  { skip: found === undefined && notRun, timeout: 120_000 },
  async (t) => {
    const direct = await openServer(t)
    await withConnection(direct('postgres'), async (client) => {
      await client.query('create database signaalhub')
      await client.query('create database signaalhub_sleutels')
    })
    const pooled = await openPooler(t, direct)
    await until(() => withConnection(pooled('signaalhub'), (client) => client.query('select 1')))
    t.equal(await keepsStatements(pooled('signaalhub')), !isOld)

    const secret = 'Geheim-van-de-beheerder-van-32-tekens'
    const hub = startServer(t, {
      DATABASE_URL: pooled('signaalhub'),
      SLEUTEL_DATABASE_URL: pooled('signaalhub_sleutels'),
      MIGRATIE_DATABASE_URL: direct('signaalhub'),
      BEHEER_CLIENT_ID: 'beheer',
      BEHEER_CLIENT_SECRET: secret,
      KEK: Buffer.alloc(32, 7).toString('base64')
    })
    const { url } = await hub.said('gereed')
    const asked = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'beheer',
        client_secret: secret
      })
    })
    const { access_token: token } = (await asked.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const codes = Array.from({ length: 40 }, (_, n) => String(1_000 + n))
    const made = await Promise.all(
      codes.map(async (gemeentecode) => {
        const body = JSON.stringify({ gemeentecode, naam: `Gemeente ${gemeentecode}` })
        return (await fetch(`${url}/v1/gemeenten`, { method: 'POST', headers, body })).status
      })
    )
    t.same(new Set(made), new Set([201]))
    const read = await Promise.all(
      [...codes, ...codes, ...codes].map(
        async (gemeentecode) => (await fetch(`${url}/v1/gemeenten/${gemeentecode}`, { headers })).status
      )
    )
    t.same(new Set(read), new Set([200]))
    const warnings = hub.lines.filter((line) => line.includes('loses prepared statements'))
    t.equal(warnings.length, isOld ? 1 : 0)
    t.same(
      hub.lines.filter((line) => /"level":(50|60)/.test(line)),
      []
    )
    t.equal(await hub.end('SIGTERM'), 0)
  }
)

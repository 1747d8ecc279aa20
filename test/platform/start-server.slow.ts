import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createTestDatabases } from '../helpers/test-database.ts'
import { startServer } from './server-process.ts'
import { makeGate, throughGate } from './tcp-gate.ts'

const secret = 'een-geheim-van-ten-minste-32-tekens'

async function status(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers })
  const { status, headers: said } = answer
  await answer.arrayBuffer()
  return { status, type: said.get('content-type')?.split(';')[0], retryAfter: said.get('retry-after') }
}

const unavailable = { status: 503, type: 'application/problem+json', retryAfter: /^\d+$/ }

async function until(url: string, wanted: number): Promise<number> {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = await status(url).catch(() => ({ status: 0 }))
    if (found.status === wanted) return wanted
    await sleep(50)
  }
  return 0
}

async function tokenFrom(url: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'beheer',
    client_secret: secret
  })
  const answer = (await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  return answer.access_token
}

t.test('with nothing but a folder: a database of its own, ready, and SIGTERM ends it in order', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-start-'))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const settings = { DATA_DIR: folder, BEHEER_CLIENT_ID: 'beheer', BEHEER_CLIENT_SECRET: secret }
  for (const title of ['the first time', 'and again, on what the first time left']) {
    const server = startServer(t, settings)
    const { url } = await server.said('gereed')
    t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/, title)
    t.equal((await status(`${url}/health/ready`)).status, 200)
    t.equal((await status(`${url}/health/live`)).status, 200)
    const authorization = `Bearer ${await tokenFrom(url!)}`
    t.equal((await status(`${url}/v1/gemeenten`, { authorization })).status, 200)
    t.equal((await status(`${url}/v1/gemeenten`)).status, 401)
    t.equal(await server.end('SIGTERM'), 0)
    t.ok(
      server.lines.every((line) => typeof JSON.parse(line).time === 'string'),
      'only JSON lines on stdout'
    )
    t.notOk(server.lines.some((line) => line.includes(secret)))
  }
})

t.test('its own PostgreSQL killed: one line says so, exit 1, and the next start goes on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-killed-'))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const settings = { DATA_DIR: folder, BEHEER_CLIENT_ID: 'beheer', BEHEER_CLIENT_SECRET: secret }
  const server = startServer(t, settings)
  await server.said('gereed')
  const [pid] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGKILL')
  t.equal(await server.ended(), 1)
  t.equal(server.lines.filter((line) => JSON.parse(line).level === 60).length, 1)
  const next = startServer(t, settings)
  const { url } = await next.said('gereed')
  t.equal((await status(`${url}/health/ready`)).status, 200)
  t.equal(await next.end('SIGTERM'), 0)
})

t.test('a second hub on one folder is refused by name, and the first goes on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-start-'))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const first = startServer(t, { DATA_DIR: folder })
  const { url } = await first.said('gereed')
  await t.rejects(startServer(t, { DATA_DIR: folder }).said('gereed'), {
    message: /ended with 1 .*DATABASE_URL.*DATA_DIR.*another process runs its PostgreSQL in .*: stop it, or/
  })
  t.equal((await status(`${url}/health/ready`)).status, 200)
  t.equal(await first.end('SIGTERM'), 0)
})

t.test('a database that comes later, goes away and comes back: 503 meanwhile, never a crash', async (t) => {
  const databases = await createTestDatabases()
  t.teardown(databases.drop)
  const gate = await makeGate(databases.databaseUrl)
  t.teardown(gate.shut)
  const spare = await makeGate(databases.databaseUrl)
  const url = `http://127.0.0.1:${spare.port}`
  const server = startServer(t, {
    PORT: String(spare.port),
    DATABASE_URL: throughGate(databases.databaseUrl, gate),
    SLEUTEL_DATABASE_URL: throughGate(databases.sleutelDatabaseUrl, gate),
    KEK: randomBytes(32).toString('base64'),
    BEHEER_CLIENT_ID: 'beheer',
    BEHEER_CLIENT_SECRET: secret
  })
  t.equal(await until(`${url}/health/live`, 200), 200, 'it listens before there is a database')
  t.match(await status(`${url}/health/ready`), unavailable)
  t.match(await status(`${url}/v1/vroegsignalen`), unavailable)
  t.equal(await until(`${url}/v1/openapi.json`, 200), 200, 'what needs no database is served')
  t.notOk(server.lines.some((line) => line.includes('gereed')))

  await gate.open()
  await server.said('gereed')
  t.equal((await status(`${url}/health/ready`)).status, 200)
  const authorization = `Bearer ${await tokenFrom(url)}`
  const gemeenten = () => status(`${url}/v1/gemeenten`, { authorization })
  t.equal((await gemeenten()).status, 200)

  for (const title of ['once', 'twice']) {
    await gate.shut()
    t.match(await gemeenten(), unavailable, title)
    t.match(await status(`${url}/health/ready`), unavailable)
    t.equal((await status(`${url}/health/live`)).status, 200)
    await gate.open()
    t.equal(await until(`${url}/health/ready`, 200), 200)
    t.equal((await gemeenten()).status, 200)
  }
  await gate.shut()
  t.equal(await server.end('SIGTERM'), 0, 'it also ends in order without its database')
  await gate.open()
})

t.test('settings that are not right end it at once, with a word on each by name and no value', async (t) => {
  const server = startServer(t, { PORT: 'geheim-en-fout', KEK: 'ook-geheim' })
  const failure = await server.said('gereed').then(
    () => '',
    (error: Error) => error.message
  )
  t.match(failure, /ended with 1 .*PORT: must be.*KEK: must be/s)
  t.notMatch(failure, /geheim/)
})

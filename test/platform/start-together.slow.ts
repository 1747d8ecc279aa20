import { readFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { openServer } from '../helpers/own-server.ts'
import { startServer } from './server-process.ts'

// A dozen processes, beside whatever else the machine does.
t.setTimeout(300_000)

const settings = { NODE_ENV: 'test', KEK: Buffer.alloc(32, 1).toString('base64') }
const client = { BEHEER_CLIENT_ID: 'beheer', BEHEER_CLIENT_SECRET: 'een-geheim-van-ten-minste-32-tekens' }
const still = Symbol('still running')

t.test('hubs that start at once on an empty server, without a key database, all become ready', async (t) => {
  const server = await openServer(t)
  for (const database of ['een', 'twee']) {
    await withConnection(server('postgres'), (connection) => connection.query(`create database ${database}`))
    const env = { ...settings, ...client, DATABASE_URL: server(database) }
    const hubs = [1, 2, 3].map(() => startServer(t, env))
    const ready = await Promise.allSettled(hubs.map((hub) => hub.said('gereed')))
    t.same(
      ready.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled']
    )
    for (const hub of hubs) t.equal(await hub.end('SIGTERM'), 0)
  }
})

t.test('a database that takes connections and says nothing is waited for', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const database = `postgres://hub:hub@127.0.0.1:${port}`
  const env = { ...settings, DATABASE_URL: `${database}/hub`, SLEUTEL_DATABASE_URL: `${database}/sleutels` }
  for (const MIGREREN of ['ja', 'nee']) {
    const hub = startServer(t, { ...env, MIGREREN })
    await hub.matching(/^reaching DATABASE_URL and SLEUTEL_DATABASE_URL failed/)
    t.equal(await Promise.race([hub.ended(), sleep(3_000, still)]), still, 'it tries again')
    t.equal(await hub.end('SIGTERM'), 0)
  }
})

t.test('SIGUSR1 opens no debugger, however the hub is started', async (t) => {
  const root = new URL('../../', import.meta.url)
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'))
  const image = await readFile(new URL('Dockerfile', root), 'utf8')
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(image)![1]!) as string[]
  t.same(scripts.start.split(' '), command, 'the image starts as npm does')
  const flags = command.slice(1, -1)
  t.equal(command.at(-1), 'src/server.ts')
  const database = 'postgres://hub:hub@127.0.0.1:1'
  const env = { ...settings, DATABASE_URL: `${database}/hub`, SLEUTEL_DATABASE_URL: `${database}/sleutels` }
  const hub = startServer(t, env, flags)
  await hub.matching(/^reaching DATABASE_URL/)
  hub.signal('SIGUSR1')
  await sleep(500)
  t.notMatch(hub.complaints.join(), /Debugger listening/)
  t.equal(await hub.end('SIGTERM'), 0)
})

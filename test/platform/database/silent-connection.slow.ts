import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../../src/platform/database/open-key-pool.ts'
import { openTestHub, type TestHub } from '../../helpers/test-hub.ts'
import { type Gate, makeGate, throughGate } from '../tcp-gate.ts'

// A statement of a request may take 5 seconds. The hub gives up on the connection one second later.
const documentedTime = 8_000

for (const count of [1, 4, 16]) {
  t.test(`${count} of 16 connections silent: every request is answered, soon from new ones`, async (t) => {
    let gate: Gate | undefined
    const reach = async (url: string) => {
      gate = await openGate(t, url)
      return throughGate(url, gate)
    }
    const hub = await openTestHub(t, { reach })
    const parties = await Promise.all(['0177', '0141', '0150', '0034'].map((code) => hub.gemeente(code)))
    const ask = () => Promise.all(parties.map((party) => timed(party.get('/v1/huishoudens'))))
    await openConnections(hub, 16)
    gate!.silence(count)
    const rounds = [await ask(), await ask(), await ask()]
    for (const { statusCode, headers, took } of rounds.flat()) {
      t.ok(took < documentedTime, `answered within ${documentedTime} ms, in ${Math.round(took)}`)
      t.ok([200, 503].includes(statusCode), `${statusCode}`)
      if (statusCode === 503) t.ok(headers['retry-after'], 'which says when to come back')
    }
    for (const { statusCode, took } of await ask()) {
      t.equal(statusCode, 200)
      t.ok(took < 1_000, `the silence is over: ${Math.round(took)} ms`)
    }
  })
}

t.test('the readiness check notices a silent connection, in both databases', async (t) => {
  const { databases, hub } = await openTestHub(t)
  const gates = [await openGate(t, databases.databaseUrl), await openGate(t, databases.sleutelDatabaseUrl)]
  const [url, keyUrl] = [
    throughGate(databases.databaseUrl, gates[0]!),
    throughGate(databases.sleutelDatabaseUrl, gates[1]!)
  ]
  const database = openDatabase({ url, poolSize: 1, clock: hub.clock, onError: ignore })
  const keyPool = openKeyPool({ url: keyUrl, poolSize: 1, clock: hub.clock, onError: ignore })
  t.teardown(() => Promise.all([database.close(), keyPool.close()]))
  await Promise.all([database.ping(), keyPool.ping()])
  for (const gate of gates) gate.silence(1)
  for (const { took } of await Promise.all([
    timed(t.rejects(database.ping()).then(() => ({}))),
    timed(t.rejects(keyPool.ping()).then(() => ({})))
  ]))
    t.ok(took < 3_000, `${Math.round(took)} ms`)
  await t.resolves(database.ping(), 'the next look takes a new connection')
  await t.resolves(keyPool.ping())
})

t.test('work that may take a minute does not wait a minute for a silent connection', async (t) => {
  const { databases, hub } = await openTestHub(t)
  const gate = await openGate(t, databases.databaseUrl)
  const url = throughGate(databases.databaseUrl, gate)
  const database = openDatabase({ url, poolSize: 1, clock: hub.clock, onError: ignore })
  t.teardown(database.close)
  await database.ping()
  gate.silence(1)
  const work = database.as({ duty: 'matcher', statementTimeout: 60_000 }, (tx) => sql`select 1`.execute(tx))
  const { took } = await timed(t.rejects(work, { message: 'Query read timeout' }).then(() => ({})))
  t.ok(took < 3_000, `${Math.round(took)} ms`)
})

const ignore = () => undefined

async function openGate(t: Test, url: string): Promise<Gate> {
  const gate = await makeGate(url)
  await gate.open()
  t.teardown(gate.shut)
  return gate
}

async function timed<Result extends object>(work: Promise<Result>): Promise<Result & { took: number }> {
  const start = performance.now()
  const result = await work
  return Object.assign(result, { took: performance.now() - start })
}

// Keeps `count` transactions busy at the same time, so the pool opens that many connections.
async function openConnections({ database }: TestHub, count: number): Promise<void> {
  const busy = () => database.as({ duty: 'toegang' }, (tx) => sql`select pg_sleep(0.5)`.execute(tx))
  await Promise.all(Array.from({ length: count }, busy))
}

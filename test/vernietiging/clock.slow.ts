import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { openKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../src/platform/crypto/known-keys-store.ts'
import { openKek } from '../../src/platform/crypto/open-kek.ts'
import { openTimekeeping } from '../../src/platform/crypto/timekeeping.ts'
import { watchClock } from '../../src/platform/crypto/watch-clock.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../src/platform/database/open-key-pool.ts'
import { addDays, todayIn } from '../../src/time.ts'
import { destroyerOf, sweep, sweepGemeente } from '../../src/vernietiging/sweep.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'
import { startServer } from '../platform/server-process.ts'

const run = promisify(execFile)
const beheer = fileURLToPath(new URL('../../src/commands/beheer.ts', import.meta.url))
const [minute, day] = [60_000, 86_400_000]
const today = () => todayIn(new Date())

/** A hub in the present with one signal, and the key ring that a hub by the machine's clock has, set wrong by milliseconds. */
async function openStage(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: new Date().toISOString() })
  await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const [id] = await takeIn(hub, verhuurder, [aSignal({ signaaldatum: today() })])
  const { sleutelDatabaseUrl: url } = hub.databases
  const pool = openKeyPool({ url, poolSize: 2, clock: hub.hub.clock, onError: () => undefined })
  t.teardown(pool.close)
  const sweeperOf = async (wrongBy: number) => {
    const clock = () => new Date(Date.now() + wrongBy)
    const kek = await openKek({ kek: hub.kek, dataDir: '' })
    const time = openTimekeeping(pool, clock)
    const ring = await openKeyRing(pool, kek, clock, openKnownKeys(hub.database), time)
    return { ...hub.hub, keys: () => ring, clock, time }
  }
  return { hub, id: id!, pool, sweeperOf, held: () => heldBy(hub) }
}

/** What a wrong clock would destroy. */
async function heldBy({ admin, databases }: TestHub) {
  const signals = await admin<{ id: string }>('select id from vroegsignaal')
  const answers = await admin('select from idempotentie')
  const keys = await inKeys(databases.sleutelAdminUrl, 'select dag from dagsleutel')
  return { signals: signals.map(({ id }) => id), answers: answers.length, keys: keys.length }
}

function inKeys(url: string, query: string, values?: unknown[]): Promise<unknown[]> {
  return withConnection(url, async (client) => (await client.query(query, values)).rows)
}

/** Says that the hub ran until so many milliseconds ago. */
function ranUntil({ databases }: TestHub, ago: number) {
  const set = `insert into klok (gelopen_tot) values ($1) on conflict (enige) do update set gelopen_tot = $1`
  return inKeys(databases.sleutelAdminUrl, set, [new Date(Date.now() - ago)])
}

for (const [what, wrongBy] of [
  ['a year fast', 365 * day],
  ['six minutes fast', 6 * minute],
  ['six minutes slow', -6 * minute]
] as const) {
  t.test(`${what} of the clock of the database: no sweep destroys anything`, async (t) => {
    const { sweeperOf, held } = await openStage(t)
    const before = await held()
    const sweeper = await sweeperOf(wrongBy)
    await t.rejects(sweep(sweeper), /nothing is destroyed/)
    await t.rejects(
      sweepGemeente(sweeper, '0177', { vroegsignalen: 0, gemeenten: 0 }),
      /nothing is destroyed/
    )
    await t.rejects(sweeper.keys().destroyDataKeys('2199-12-31'), /nothing is destroyed/)
    t.same(await held(), before)
    t.match(before, { signals: [String], keys: 1 })
  })
}

t.test('a hub that seems to have stood still for longer than a week waits for a word', async (t) => {
  const { hub, sweeperOf, held } = await openStage(t)
  const sweeper = await sweeperOf(0)
  await ranUntil(hub, 8 * day)
  const before = await held()
  await t.rejects(sweep(sweeper), /klok bevestigen/)
  t.same(await held(), before)
  await t.rejects(
    sweeper.keys().confirmTime(addDays(today(), 1)),
    /set it right first/,
    'somebody else says another day'
  )
  await t.rejects(sweep(sweeper), /nothing is destroyed/)
  await sweeper.keys().confirmTime(today())
  t.match(await sweep(sweeper), { vroegsignalen: 0 })
})

t.test('a hub whose clock stands before what it wrote waits for a word too', async (t) => {
  const { hub, sweeperOf } = await openStage(t)
  await ranUntil(hub, -2 * day)
  const sweeper = await sweeperOf(0)
  await t.rejects(sweep(sweeper), /nothing is destroyed/)
  await sweeper.keys().confirmTime(today())
  await sweep(sweeper)
})

t.test('a hub that runs, or stood still for some days, remembers until when it ran', async (t) => {
  const { hub, pool, sweeperOf } = await openStage(t)
  const until = async () => (await pool.query('select gelopen_tot as at from klok')).rows[0]?.at.getTime()
  const sweeper = await sweeperOf(0)
  await sweep(sweeper)
  t.ok(Math.abs((await until()) - Date.now()) < minute, 'from its first run on')
  await ranUntil(hub, 6 * day)
  await sweep(sweeper)
  t.ok(Math.abs((await until()) - Date.now()) < minute)
})

t.test('a clock that is set while the hub runs is noticed, and so is that it was set right', async (t) => {
  const { pool } = await openStage(t)
  let wrongBy = 0
  const lines: string[] = []
  const logger = {
    error: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line)
  }
  const time = openTimekeeping(pool, () => new Date(Date.now() + wrongBy))
  const watch = watchClock(time, logger, 20)
  t.teardown(watch.stop)
  const until = async (isDoubted: boolean) => {
    while (watch.isDoubted() !== isDoubted) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await until(false)
  wrongBy = 400 * day
  await until(true)
  wrongBy = 0
  await until(false)
  t.match(lines, [/nothing is destroyed/, /believed again/])
})

t.test('what was asked for is destroyed all the same: that rests on no clock', async (t) => {
  const { hub, id, sweeperOf, held } = await openStage(t)
  const sweeper = await sweeperOf(365 * day)
  await hub.admin(`update vroegsignaal set status = 'ingetrokken', vernietigingsaanleiding = 'wissing'`)
  const other = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
  await destroyerOf(sweeper, () => t.fail('it failed'))('0177', [other])
  t.match(await held(), { signals: [id] })
  await destroyerOf(sweeper, () => t.fail('it failed'))('0177')
  t.match(await held(), { signals: [], keys: 1 })
})

// Every new Date() of the process is wrong, as when the clock of the machine is.
function wrongClock(milliseconds: number): string {
  const module = `const Right = Date; globalThis.Date = class extends Right {
    constructor(...given) { super(...(given.length > 0 ? given : [Right.now() + ${milliseconds}])) }
    static now() { return Right.now() + ${milliseconds} } }`
  return `--import=data:text/javascript,${encodeURIComponent(module)}`
}

t.test('a start with a wrong clock destroys nothing and serves nobody; set right it goes on', async (t) => {
  const { hub, held } = await openStage(t)
  const before = await held()
  const settings = {
    NODE_ENV: 'test',
    DATABASE_URL: hub.databases.databaseUrl,
    SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
    KEK: hub.kek
  }
  const wrong = startServer(t, { ...settings, NODE_OPTIONS: wrongClock(365 * day) })
  await wrong.matching(/^the clock of this machine says .* and that of the key database/)
  t.notOk(wrong.lines.some((line) => line.includes('"gereed"')))
  await wrong.end('SIGTERM')
  t.same(await held(), before)

  await ranUntil(hub, 30 * day)
  const still = startServer(t, settings)
  await still.matching(/klok bevestigen/)
  const env = { PATH: process.env.PATH, ...settings }
  const other = await run(process.execPath, [beheer, 'klok', 'bevestigen', addDays(today(), -1)], {
    env
  }).catch((error) => error)
  t.equal(other.code, 1)
  t.match(other.stderr, /the clock of this machine says/)
  const { stdout } = await run(process.execPath, [beheer, 'klok', 'bevestigen', today()], { env })
  t.match(stdout, today())
  await still.said('gereed')
  t.equal(await still.end('SIGTERM'), 0)
  t.same(await held(), before)
})

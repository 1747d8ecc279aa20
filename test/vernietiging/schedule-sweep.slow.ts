import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import cron from 'node-cron'
import t from 'tap'
import { openLogger } from '../../src/platform/http/logger.ts'
import { finishSlot, takeSlot } from '../../src/platform/jobs/job-run-store.ts'
import { scheduleSweep } from '../../src/vernietiging/schedule-sweep.ts'
import type { Sweeper } from '../../src/vernietiging/sweep.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'

const never = '0 0 29 2 *'
const silent = openLogger('silent')

/** A sweeper of this hub that counts the sweeps it begins. */
function countingSweeper({ hub }: TestHub): Sweeper & { begun(): number } {
  let begun = 0
  const keys = () => {
    const ring = hub.keys()
    const destroyDataKeys = (day: string) => {
      begun += 1
      return ring.destroyDataKeys(day)
    }
    return { ...ring, destroyDataKeys }
  }
  return { ...hub, keys, begun: () => begun }
}

t.test(
  'what was missed while no instance ran is destroyed at start, without waiting for the clock',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
    await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    await takeIn(hub, verhuurder, [aSignal({ signaaldatum: '2026-05-20' })])
    hub.setClock('2026-12-25T09:00:00Z')
    const schedule = scheduleSweep(hub.hub, never, silent)
    await schedule.stop()
    t.same(await hub.admin('select from vroegsignaal'), [])
    t.equal((await hub.admin('select from vernietiging')).length, 1)
  }
)

t.test('a wake-up outside the clock sweeps too, after the one in progress', async (t) => {
  const hub = await openTestHub(t)
  const sweeper = countingSweeper(hub)
  const schedule = scheduleSweep(sweeper, never, silent)
  schedule.wake()
  schedule.wake()
  await schedule.stop()
  t.equal(sweeper.begun(), 3)
})

t.test('every sweep leaves one line in the log, also when nothing was due', async (t) => {
  const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
  await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  await takeIn(hub, verhuurder, [aSignal({ signaaldatum: '2026-05-20' })])
  hub.setClock('2026-11-20T09:00:00Z')
  const lines: string[] = []
  const logger = openLogger('info', { write: (line: string) => void lines.push(line) })
  const schedule = scheduleSweep(hub.hub, never, logger)
  schedule.wake()
  await schedule.stop()
  const logged = lines.map((line) => JSON.parse(line))
  t.match(logged, [
    { msg: 'swept', vroegsignalen: 1, gemeenten: 1, milliseconds: Number },
    { msg: 'swept', vroegsignalen: 0, gemeenten: 0, milliseconds: Number }
  ])
  t.equal(logged.length, 2)
})

t.test(
  'whoever counts hears of each sweep, of its failures, and of each signal that it destroyed',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
    await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const signals = [1, 2, 3].map((n) =>
      aSignal({ referentie: `R-${n}`, signaaldatum: '2026-05-20', adres: { huisnummer: n } })
    )
    await takeIn(hub, verhuurder, signals)
    hub.setClock('2026-11-20T09:00:00Z')
    const heard: (boolean | number)[] = []
    let isBroken = true
    const keys = () => {
      if (isBroken) throw new Error('no keys')
      return hub.keys
    }
    const sweeper = {
      ...hub.hub,
      keys,
      onDestroyed: (count: number) => void (count > 0 && heard.push(count))
    }
    const schedule = scheduleSweep(sweeper, never, silent, (isDone) => void heard.push(isDone))
    await sleep(100)
    isBroken = false
    schedule.wake()
    schedule.wake()
    await schedule.stop()
    t.same(heard, [false, 3, true, true])
  }
)

t.test('of two instances that wake for the same slot one sweeps', async (t) => {
  const hub = await openTestHub(t)
  const sweepers = [countingSweeper(hub), countingSweeper(hub)]
  const schedules = sweepers.map((sweeper) => scheduleSweep(sweeper, '* * * * * *', silent))
  await sleep(3_200)
  await Promise.all(schedules.map(({ stop }) => stop()))
  const slots = await hub.admin<{ slot: string; klaar: boolean }>(
    'select slot, voltooid_op is not null as klaar from job_run order by slot'
  )
  t.ok(slots.length >= 2, 'both woke at least twice')
  t.ok(
    slots.every(({ slot, klaar }) => klaar && slot.endsWith('.000Z')),
    'a slot is the moment of the schedule'
  )
  const begun = sweepers.reduce((total, sweeper) => total + sweeper.begun(), 0)
  t.equal(begun, schedules.length + slots.length, 'once each at start, once per slot together')
})

t.test('a slot is taken once, also by many at the same moment', async (t) => {
  const hub = await openTestHub(t)
  const now = hub.hub.clock()
  const take = (slot: string) =>
    hub.database.as({ duty: 'vernietiger' }, (tx) => takeSlot(tx, 'vernietiging', slot, now))
  const taken = await Promise.all(Array.from({ length: 8 }, () => take('2026-11-20T02:15:00.000Z')))
  t.equal(taken.filter(Boolean).length, 1)
  t.equal(await take('2026-11-21T02:15:00.000Z'), true, 'the next night is another slot')
  await hub.database.as({ duty: 'vernietiger' }, (tx) =>
    finishSlot(tx, 'vernietiging', '2026-11-20T02:15:00.000Z', now)
  )
  t.equal(await take('2026-11-20T02:15:00.000Z'), false, 'also after it was finished')
  for (const duty of ['gemeente', 'signaalpartner', 'matcher', 'beheer', 'toegang'] as const) {
    await t.rejects(
      hub.database.as({ duty }, (tx) => takeSlot(tx, 'vernietiging', 'x', now)),
      { code: '42501' },
      duty
    )
  }
})

t.test('a process that was held up past the minute sweeps when it goes on', async (t) => {
  const hub = await openTestHub(t)
  const schedule = scheduleSweep(hub.hub, '*/2 * * * * *', silent)
  t.teardown(() => schedule.stop())
  const slots = async () =>
    (await hub.admin<{ slot: string }>('select slot from job_run')).map(({ slot }) => Date.parse(slot))
  while ((await slots()).length === 0) await sleep(50)
  const from = Date.now()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_200)
  const until = Date.now()
  // Not the slots after it, which come by themselves.
  const held = async () => (await slots()).filter((slot) => slot > from && slot < until - 1_000)
  for (let n = 0; n < 40 && (await held()).length === 0; n += 1) await sleep(50)
  t.ok((await held()).length > 0)
})

t.test('a night at which no cron woke, as where the clock skips its hour, is made up for once', async (t) => {
  const hub = await openTestHub(t)
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  const slots = async () =>
    (await hub.admin<{ slot: string }>('select slot from job_run order by slot')).map(({ slot }) => slot)
  const wait = async () => {
    const sweepers = [countingSweeper(hub), countingSweeper(hub)]
    const schedules = sweepers.map((sweeper) => scheduleSweep(sweeper, never, silent, () => undefined, 100))
    await sleep(1_500)
    await Promise.all(schedules.map(({ stop }) => stop()))
    return sweepers.reduce((total, sweeper) => total + sweeper.begun(), 0) - sweepers.length
  }
  const take = (slot: string) =>
    hub.database.as({ duty: 'vernietiger' }, async (tx) => {
      await takeSlot(tx, 'vernietiging', slot, hub.hub.clock())
      await finishSlot(tx, 'vernietiging', slot, hub.hub.clock())
    })
  const last = hoursAgo(25)
  await take(last)
  t.equal(await wait(), 0, 'the longest night of the year is no night that was missed')
  t.same(await slots(), [last])
  await hub.admin('delete from job_run')
  const early = hoursAgo(75)
  await take(early)
  t.equal(await wait(), 1, 'once, however many nights and instances')
  t.same(await slots(), [early, new Date(Date.parse(early) + 3 * 86_400_000).toISOString()])
})

// By expression: the nights from which it runs for two days, and when it wakes.
const nights: Readonly<Record<string, readonly [from: string, wakes: readonly string[]]>> = {
  '15 2 * * *, the hour that October has twice': [
    '2026-10-24T23:00:00Z',
    ['2026-10-25T01:15:00.000Z', '2026-10-26T01:15:00.000Z']
  ],
  '15 2 * * *, the hour that March lacks': ['2027-03-27T23:00:00Z', ['2027-03-29T00:15:00.000Z']],
  '15 3 * * *, in October': [
    '2026-10-24T23:00:00Z',
    ['2026-10-25T02:15:00.000Z', '2026-10-26T02:15:00.000Z']
  ],
  '15 3 * * *, in March': ['2027-03-27T23:00:00Z', ['2027-03-28T01:15:00.000Z', '2027-03-29T01:15:00.000Z']]
}

t.test('the cron wakes once a night, and passes over only the hour that March lacks', async (t) => {
  for (const [name, [from, wakes]] of Object.entries(nights)) {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: new Date(from) })
    const woken: string[] = []
    const task = cron.schedule(name.split(',')[0]!, ({ date }) => void woken.push(date.toISOString()), {
      timezone: 'Europe/Amsterdam'
    })
    for (let minute = 0; minute < 2 * 24 * 60; minute += 1) {
      mock.timers.tick(60_000)
      await new Promise(setImmediate)
    }
    await task.destroy()
    mock.timers.reset()
    t.same(woken, wakes, name)
  }
})

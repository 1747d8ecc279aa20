import t from 'tap'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import { openTestHub } from '../helpers/test-hub.ts'

// The nights on which a calendar goes wrong, walked over by two instances whose clocks are ten minutes apart.

t.setTimeout(300_000)

/** By name: the day of receipt, the day on which the signal must go, and when that begins in the Netherlands. */
const nights: Readonly<Record<string, readonly [received: string, due: string, midnight: string]>> = {
  'the end of August to that of February': ['2026-08-31', '2027-02-28', '2027-02-27T23:00:00.000Z'],
  'to a leap day': ['2027-08-31', '2028-02-29', '2028-02-28T23:00:00.000Z'],
  'the day after a leap day': ['2027-09-01', '2028-03-01', '2028-02-29T23:00:00.000Z'],
  'the day on which summer time begins': ['2027-09-26', '2028-03-26', '2028-03-25T23:00:00.000Z'],
  'the first whole day of summer time': ['2027-09-27', '2028-03-27', '2028-03-26T22:00:00.000Z'],
  'the day on which summer time ends': ['2028-04-29', '2028-10-29', '2028-10-28T22:00:00.000Z'],
  'the first whole day of winter time': ['2028-04-30', '2028-10-30', '2028-10-29T23:00:00.000Z'],
  'the turn of the year': ['2027-07-01', '2028-01-01', '2027-12-31T23:00:00.000Z']
}
const minute = 60_000

for (const [name, [received, due, midnight]] of Object.entries(nights)) {
  t.test(name, async (t) => {
    const first = await openTestHub(t, { now: `${received}T10:00:00Z` })
    const raalte = await first.gemeente('0177')
    const verhuurder = await first.signaalpartner(['huur'], ['0177'])
    const [id] = await takeIn(first, verhuurder, [aSignal({ signaaldatum: received })])
    const path = `/v1/vroegsignalen/${id}`
    const at = (milliseconds: number) => new Date(Date.parse(midnight) + milliseconds).toISOString()

    first.setClock(at(-1))
    const seen = (await raalte.get(path)).json()
    t.equal(seen.vernietigingsdatum, due)
    t.equal((await raalte.get('/v1/huishoudens')).json().resultaten.length, 1, 'until the last moment')
    t.equal(await first.sweep(), 0)

    first.setClock(midnight)
    t.equal((await raalte.get(path)).statusCode, 404, 'and from midnight on no more')
    t.same((await raalte.get('/v1/huishoudens')).json().resultaten, [])

    const { databaseUrl, sleutelDatabaseUrl } = first.databases
    const second = await startSecondHub(t, first, { databaseUrl, sleutelDatabaseUrl, now: at(-10 * minute) })
    await second.isReady
    const followed = async () => (await second.get(raalte, '/v1/huishoudens/_deltas')).status
    t.equal((await second.get(raalte, '/v1/huishoudens')).status, 200, 'the one behind answers as well')
    t.equal(await followed(), 200)

    t.equal(await first.sweep(), 1)
    t.equal(await first.sweep(), 0, 'once')
    t.equal((await second.get(raalte, path)).status, 404, 'what is gone is gone for both')
    const listed = await second.get(raalte, '/v1/huishoudens')
    t.same([listed.status, JSON.parse(listed.body).resultaten], [200, []])
    t.equal(await followed(), 200)
    await second.stop()
    const statements = await first.admin<{ aantal: number }>(
      'select sum(aantal_vroegsignalen)::int as aantal from vernietiging'
    )
    t.same(statements, [{ aantal: 1 }], 'accounted for once')
  })
}

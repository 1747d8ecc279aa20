import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { startServer } from '../../platform/server-process.ts'
import {
  beginDelivery,
  countRows,
  linesOf,
  manySignals,
  ndjson,
  tokenFrom,
  untilQuiet,
  untilWriting
} from './deliveries.ts'

const lines = ndjson(manySignals(5000, 'R', 200))
  .split('\n')
  .slice(0, -1)
const part = (from: number, to: number) =>
  lines
    .slice(from, to)
    .map((line) => `${line}\n`)
    .join('')
const key = { 'idempotency-key': 'maand-november' }

t.test(
  'a hub killed at 10, 50 and 90 % of a delivery leaves nothing of it; the retry gives exactly once',
  async (t) => {
    const hub = await openTestHub(t)
    const raalte = await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const before = await countRows(hub)
    const settings = {
      DATABASE_URL: hub.databases.databaseUrl,
      SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
      KEK: hub.kek,
      PROEF_KLOK: '2026-11-20T09:00:00Z'
    }
    const start = async () => {
      const server = startServer(t, settings)
      const { url = '' } = await server.said('gereed')
      return { server, delivery: beginDelivery(url, await tokenFrom(url, verhuurder), key) }
    }
    for (const share of [0.1, 0.5, 0.9]) {
      const { server, delivery } = await start()
      delivery.write(part(0, share * lines.length))
      await untilWriting(hub)
      t.equal(await server.end('SIGKILL'), null)
      await t.rejects(delivery.reply)
      await untilQuiet(hub)
      t.same(await countRows(hub), before, `at ${100 * share} %`)
    }

    const { server, delivery } = await start()
    const first = await delivery.end(part(0, lines.length))
    t.match(first, { status: 201, json: { aantalOpgenomen: lines.length, aantalOngewijzigd: 0 } })
    t.equal(first.headers['idempotency-replayed'], undefined)
    t.equal(await server.end('SIGKILL'), null, 'also killed right after its answer')
    await untilQuiet(hub)

    const { delivery: repeat } = await start()
    const second = await repeat.end(part(0, lines.length))
    t.equal(second.headers['idempotency-replayed'], 'true')
    t.same(second.json, first.json)
    t.match(await countRows(hub), { vroegsignaal: lines.length, verwerking: lines.length, aanlevering: 1 })
    t.equal((await linesOf(verhuurder, String(first.json.id))).length, lines.length)
    const households = (await raalte.get('/v1/huishoudens?limit=1000')).json().resultaten
    t.same(new Set(households.map((one: { aantalSignalen: number }) => one.aantalSignalen)), new Set([25]))
    t.equal(households.length, 200)
  }
)

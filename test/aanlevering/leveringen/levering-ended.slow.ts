import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { startServer } from '../../platform/server-process.ts'
import {
  beginDelivery,
  countRows,
  manySignals,
  ndjson,
  tokenFrom,
  untilQuiet,
  untilWriting
} from './deliveries.ts'

t.setTimeout(120_000)

const key = { 'idempotency-key': 'maand-november' }
const body = ndjson(manySignals(2000, 'R', 20))

t.test(
  'a hub that is told to end lets a delivery finish, and tells one that does not to come back',
  async (t) => {
    const hub = await openTestHub(t)
    await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const before = await countRows(hub)
    const begin = async () => {
      const server = startServer(t, {
        DATABASE_URL: hub.databases.databaseUrl,
        SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
        KEK: hub.kek,
        PROEF_KLOK: '2026-11-20T09:00:00Z'
      })
      const { url = '' } = await server.said('gereed')
      const delivery = beginDelivery(url, await tokenFrom(url, verhuurder), key)
      delivery.write(body)
      await untilWriting(hub)
      return { delivery, ended: server.end('SIGTERM') }
    }

    const slow = await begin()
    const cut = await slow.delivery.reply
    t.match(cut, { status: 503, headers: { 'retry-after': '5' } })
    t.match(cut.json.detail, /opnieuw, met dezelfde Idempotency-Key/)
    t.equal(await slow.ended, 0)
    await untilQuiet(hub)
    t.same(await countRows(hub), before, 'nothing of it stays')

    const quick = await begin()
    const done = await quick.delivery.end('')
    t.match(done, { status: 201, json: { aantalOpgenomen: 2000 } })
    t.equal(await quick.ended, 0)
  }
)

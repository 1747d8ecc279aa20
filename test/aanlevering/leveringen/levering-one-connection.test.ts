import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { beginDelivery, countRows, deliver, listen, manySignals, ndjson, untilWriting } from './deliveries.ts'

// The hub has one connection, so a delivery must do all its queries in its own open transaction.

const hub = await openTestHub(t, { poolSize: 1 })
await hub.gemeente('0177')
const url = await listen(hub)

t.test('a delivery works with one connection', async (t) => {
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const answer = await deliver(verhuurder, ndjson(manySignals(3)))
  t.match(answer, { statusCode: 201 }, answer.body)
  t.match(answer.json(), { aantalRegels: 3, aantalOpgenomen: 3 })
})

t.test('a delivery of several slices works with one connection', async (t) => {
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const delivery = beginDelivery(url, verhuurder.token)
  delivery.write(ndjson(manySignals(600)))
  await untilWriting(hub)
  t.match(await delivery.end(ndjson(manySignals(600, 'S'))), {
    status: 201,
    json: { aantalOpgenomen: 1_200 }
  })
})

// The test revokes the client directly in the database: the delivery occupies the hub's only connection.
t.test('a client revoked during a delivery gets nothing in', async (t) => {
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const before = await countRows(hub)
  const delivery = beginDelivery(url, verhuurder.token)
  delivery.write(ndjson(manySignals(600)))
  await untilWriting(hub)
  await hub.admin('update client set ingetrokken_op = now() where client_id = $1', [verhuurder.clientId])
  const { status, json } = await delivery.end()
  t.equal(status, 401)
  t.match(json, { type: '/v1/problemen/niet-ingelogd' })
  t.same(await countRows(hub), before)
})

import t from 'tap'
import { registerBeheerClient } from '../../../src/organisaties/clients/register-beheer-client.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { askToken } from '../../toegang/token-requests.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const clientId = 'operator'
const any = { 'if-match': '*' }

/** Starts an instance that has this secret in its settings. */
const start = (clientSecret: string) =>
  registerBeheerClient(hub.database, hub.keys, { clientId, clientSecret }, hub.hub.clock())
const works = async (clientSecret: string) => {
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  return (await askToken(hub, body)).statusCode === 200
}
const ownId = async (): Promise<string> => {
  const { resultaten } = (await beheer.get('/v1/clients?limit=1000')).json()
  return resultaten.find((client: { clientId: string }) => client.clientId === clientId).id
}

t.test('the setting gives the operator its secret, once', async (t) => {
  t.equal(await start('first'), 'applied')
  t.ok(await works('first'))
  t.equal(await start('first'), 'in use')
  t.ok(await works('first'))
})

t.test(
  'a secret that the API replaced does not come back with a restart, and the new one works on',
  async (t) => {
    const url = `/v1/clients/${await ownId()}/geheimen`
    const [old] = (await beheer.get(url)).json().resultaten
    const { clientSecret } = (await beheer.post(url)).json()
    t.equal(await start('first'), 'in use', 'while both work')
    await beheer.delete(`${url}/${old.id}`, any)
    t.equal(await start('first'), 'applied before and replaced since')
    t.same([await works('first'), await works(clientSecret)], [false, true])
  }
)

t.test(
  'another setting replaces all secrets, and an instance with the old one does not undo that',
  async (t) => {
    t.equal(await start('second'), 'applied')
    t.equal(await start('first'), 'applied before and replaced since')
    t.same([await works('first'), await works('second')], [false, true])
    t.equal((await beheer.get(`/v1/clients/${await ownId()}/geheimen`)).json().resultaten.length, 1)
  }
)

t.test('who revoked his own client gets in again with a new secret only', async (t) => {
  await beheer.delete(`/v1/clients/${await ownId()}`, any)
  t.equal(await start('second'), 'applied before and replaced since')
  t.notOk(await works('second'))
  t.equal(await start('third'), 'applied')
  t.ok(await works('third'))
})

t.test('of instances that start together one applies the setting', async (t) => {
  const done = await Promise.all([start('fourth'), start('fourth'), start('fourth')])
  t.same(done.sort(), ['applied', 'in use', 'in use'])
  t.equal((await beheer.get(`/v1/clients/${await ownId()}/geheimen`)).json().resultaten.length, 1)
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openIssuerKeys } from '../../src/toegang/issuer-keys.ts'
import { type SigningKey, signingKey } from './token-requests.ts'

const minute = 60_000
const hour = 60 * minute

/** An issuer that publishes what the test says, and that can be away. */
async function openIssuer(t: Test, keys: SigningKey[]) {
  const issuer = { keys, isAway: false, asked: 0 }
  const server = createServer((request, response) => {
    issuer.asked += 1
    if (issuer.isAway) return void request.socket.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  let now = 0
  const find = openIssuerKeys(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => now)
  const knows = async ({ alg, jwk }: SigningKey) => {
    const asked = [
      { alg, kid: jwk.kid! },
      { payload: '', signature: '' }
    ] as const
    try {
      await find(...(asked as unknown as Parameters<typeof find>))
      return true
    } catch {
      return false
    }
  }
  const setNow = (to: number) => {
    now = to
  }
  return { issuer, knows, setNow }
}

t.test(
  'keys are fetched once in ten minutes, and one that was withdrawn counts no longer then',
  async (t) => {
    const [old, fresh] = [await signingKey('ES256', 'old'), await signingKey('ES256', 'fresh')]
    const { issuer, knows, setNow } = await openIssuer(t, [old])
    for (let n = 0; n < 5; n += 1) t.ok(await knows(old))
    t.equal(issuer.asked, 1)
    issuer.keys = [fresh]
    setNow(10 * minute)
    t.ok(await knows(old), 'what is fresh is not asked for again')
    setNow(10 * minute + 1)
    t.same([await knows(old), await knows(fresh)], [false, true])
  }
)

t.test(
  'an issuer that is away is trusted for a day by the keys that were known, and no longer',
  async (t) => {
    const key = await signingKey('ES256', 'key')
    const { issuer, knows, setNow } = await openIssuer(t, [key])
    t.ok(await knows(key))
    issuer.isAway = true
    for (const time of [hour, 12 * hour, 24 * hour]) {
      setNow(time)
      t.ok(await knows(key), `after ${time / hour} hours`)
    }
    const { asked } = issuer
    t.ok(await knows(key))
    t.equal(issuer.asked, asked, 'not asked for every request')
    setNow(24 * hour + 1)
    t.notOk(await knows(key))
    issuer.isAway = false
    t.ok(await knows(key), 'back at once when the issuer is')
  }
)

t.test('an issuer that was never reached vouches for nobody', async (t) => {
  const key = await signingKey('ES256', 'key')
  const { issuer, knows } = await openIssuer(t, [key])
  issuer.isAway = true
  t.notOk(await knows(key))
})

import t from 'tap'
import {
  freshSigningKey,
  type KeptSigningKey,
  openSigningKeys
} from '../../../src/platform/crypto/signing-keys.ts'
import { signStatement, verifyStatement } from '../../../src/platform/crypto/statement.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { askToken } from '../../toegang/token-requests.ts'

const kid = /^[\w-]{43}$/

t.test(
  'a new key is published at once, signs after ten minutes, and the old one counts on for an hour',
  async (t) => {
    let now = new Date('2026-11-20T09:00:00Z')
    const kept: KeptSigningKey[] = (['ondertekening-token', 'ondertekening-bewijs'] as const).map((doel) => ({
      doel,
      der: freshSigningKey(),
      aangemaaktOp: now
    }))
    const keys = await openSigningKeys(
      async () => kept,
      () => now
    )
    const old = keys.signer('ondertekening-token').kid
    const published = () => keys.publicJwks().keys.map((key) => key.kid)
    kept.unshift({
      doel: 'ondertekening-token',
      der: freshSigningKey(),
      aangemaaktOp: new Date('2026-11-20T12:00:00Z')
    })
    now = new Date('2026-11-20T12:00:00Z')
    await keys.refresh()
    t.equal(published().length, 3)
    t.equal(keys.signer('ondertekening-token').kid, old)
    now = new Date('2026-11-20T12:10:00Z')
    const { kid: fresh } = keys.signer('ondertekening-token')
    t.not(fresh, old)
    t.equal(keys.verifier('ondertekening-token', old)?.kid, old)
    now = new Date('2026-11-20T13:10:00Z')
    t.equal(keys.verifier('ondertekening-token', old), undefined)
    t.equal(keys.verifier('ondertekening-token', fresh)?.kid, fresh)
    t.equal(keys.verifier('ondertekening-bewijs', fresh), undefined, 'a key serves one purpose')
    t.notOk(published().includes(old))
  }
)

t.test('tokens and proofs live through the renewal of their keys, on every instance', async (t) => {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const { clientId, clientSecret } = raalte
  const token = async () => {
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    return (await askToken(hub, body)).json().access_token as string
  }
  const kidOf = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString()).kid
  const opens = async (bearer: string) =>
    (
      await hub.call({
        method: 'GET',
        url: '/v1/huishoudens',
        headers: { authorization: `Bearer ${bearer}` }
      })
    ).statusCode
  const proof = await signStatement(hub.keys, 'proef', { zin: 'waar' })
  const before = await token()
  t.match(kidOf(before), kid)

  await hub.keys.renewSigningKey('ondertekening-token')
  await hub.keys.renewSigningKey('ondertekening-bewijs')
  await hub.keys.refresh()
  t.equal(kidOf(await token()), kidOf(before), 'not yet')
  hub.setClock('2026-11-20T09:11:00Z')
  const after = await token()
  t.not(kidOf(after), kidOf(before))
  t.same([await opens(before), await opens(after)], [200, 200])
  const jwks = (await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json()
  t.equal(jwks.keys.length, 4)
  hub.setClock('2026-11-20T12:00:00Z')
  t.same([await opens(before), await opens(after)], [401, 200])
  t.not(kidOf(await signStatement(hub.keys, 'proef', {})), kidOf(proof))
  t.same(await verifyStatement(hub.keys, 'proef', proof), { zin: 'waar' }, 'a proof counts for ever')
  await hub.keys.requireAll()
})

import t from 'tap'
import { openVerifiedTokens } from '../../src/toegang/verified-tokens.ts'

const now = Math.floor(Date.now() / 1000)
const counts = (kid: string) => (asked: string) => asked === kid

t.test('a token is known by its whole header and by the key that signed it', async (t) => {
  const tokens = openVerifiedTokens()
  tokens.keep('Bearer a', 'k1', { exp: now + 60 })
  t.same(tokens.find('Bearer a', counts('k1'), now * 1000), { exp: now + 60 })
  t.equal(tokens.find('Bearer b', counts('k1'), now * 1000), undefined)
  t.equal(tokens.find('Bearer a', counts('k2'), now * 1000), undefined, 'its key counts no longer')
})

t.test('a token that has expired is not known any longer', async (t) => {
  const tokens = openVerifiedTokens()
  tokens.keep('Bearer a', 'k1', { exp: now })
  t.equal(tokens.find('Bearer a', counts('k1'), now * 1000), undefined)
})

t.test('a bounded number of tokens stays known: the newest', async (t) => {
  const tokens = openVerifiedTokens()
  for (let n = 0; n <= 2_000; n += 1) tokens.keep(`Bearer ${n}`, 'k1', { exp: now + 60 })
  t.equal(tokens.find('Bearer 0', counts('k1'), now * 1000), undefined)
  t.ok(tokens.find('Bearer 1', counts('k1'), now * 1000))
  t.ok(tokens.find('Bearer 2000', counts('k1'), now * 1000))
})

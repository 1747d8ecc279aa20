import { createSecretKey, randomBytes } from 'node:crypto'
import t from 'tap'
import { seal, unseal } from '../../../src/platform/crypto/seal.ts'

const key = createSecretKey(randomBytes(32))
const plain = Buffer.from('{"naam":"Proefpersoon"}')

t.test('what was sealed opens under the same key and context, and nowhere else', async (t) => {
  const sealed = seal(key, plain, 'vroegsignaal|0177|1')
  t.same(unseal(key, sealed, 'vroegsignaal|0177|1'), plain)
  t.throws(() => unseal(key, sealed, 'vroegsignaal|0177|2'), 'another row')
  t.throws(() => unseal(createSecretKey(randomBytes(32)), sealed, 'vroegsignaal|0177|1'), 'another key')
  t.same(unseal(key, seal(key, Buffer.alloc(0), ''), ''), Buffer.alloc(0), 'also nothing at all')
})

t.test('one changed bit anywhere, or a byte less, and it does not open', async (t) => {
  const sealed = seal(key, plain, 'c')
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    t.throws(() => unseal(key, changed, 'c'))
  }
  for (let length = 0; length < sealed.length; length += 1) {
    t.throws(() => unseal(key, sealed.subarray(0, length), 'c'), `${length} bytes`)
  }
  t.throws(() => unseal(key, Buffer.concat([sealed, Buffer.of(0)]), 'c'))
})

t.test('the same content sealed twice is never the same bytes, and shows nothing of itself', async (t) => {
  const all = Array.from({ length: 100 }, () => seal(key, plain, 'c').toString('latin1'))
  t.equal(new Set(all).size, 100)
  t.notOk(all.some((sealed) => sealed.includes('Proef')))
})

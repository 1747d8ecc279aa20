import { createSecretKey, randomBytes } from 'node:crypto'
import t from 'tap'
import { seal } from '../../../src/platform/crypto/seal.ts'
import { sealFor, unsealFor } from '../../../src/platform/crypto/seal-row.ts'

const key = {
  dag: '2027-05-20',
  id: 'a0000000-0000-4000-8000-000000000001',
  key: createSecretKey(randomBytes(32))
}
const place = { table: 'vroegsignaal', tenant: '0177', id: 'b0000000-0000-4000-8000-000000000001' }

t.test('what is sealed for a row opens there, and for no other table, tenant, id or key id', async (t) => {
  const sealed = sealFor(key, place, 'geheim')
  t.equal(unsealFor(key, place, sealed), 'geheim')
  for (const other of [{ table: 'betwisting' }, { tenant: '1773' }, { id: 'c' }]) {
    t.throws(() => unsealFor(key, { ...place, ...other }, sealed), JSON.stringify(other))
  }
  t.throws(() => unsealFor({ ...key, id: 'd' }, place, sealed), 'a second key for the same day')
})

t.test(
  'rows of the first version still open: signals bound to tenant and day, others to their id',
  async (t) => {
    const older = (context: string) => seal(key.key, Buffer.from('oud'), context)
    t.equal(unsealFor(key, place, older(`vroegsignaal|0177|${place.id}|2027-05-20`)), 'oud')
    const contest = { ...place, table: 'betwisting' }
    t.equal(unsealFor(key, contest, older(`betwisting|${place.id}`)), 'oud')
    t.throws(() => unsealFor(key, contest, older('betwisting|another')))
  }
)

import { createSecretKey, randomBytes } from 'node:crypto'
import t from 'tap'
import { openKeyRing } from '../../../src/platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../../src/platform/crypto/known-keys-store.ts'
import { openDatabase } from '../../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../../src/platform/database/open-key-pool.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'

async function openPools(t: { teardown(end: () => Promise<void>): unknown }) {
  const databases = await createTestDatabases()
  const connected = { clock, onError: () => undefined }
  const pools = [1, 2].map(() =>
    openKeyPool({ ...connected, url: databases.sleutelDatabaseUrl, poolSize: 4 })
  )
  const rows = openDatabase({ ...connected, url: databases.databaseUrl, poolSize: 1 })
  t.teardown(async () => {
    await Promise.all(pools.map((pool) => pool.close()))
    await rows.close()
    await databases.drop()
  })
  return { one: pools[0]!, two: pools[1]!, known: openKnownKeys(rows) }
}

const kek = createSecretKey(randomBytes(32))
const clock = () => new Date('2026-11-20T09:00:00Z')

t.test('the same KEK opens the same keys again', async (t) => {
  const { one: pool, known } = await openPools(t)
  const first = await openKeyRing(pool, kek, clock, known)
  const again = await openKeyRing(pool, kek, clock, known)
  t.same(again.hash('index-bsn', 'x'), first.hash('index-bsn', 'x'))
  t.same(again.publicJwks(), first.publicJwks())
  t.not(first.signer('ondertekening-token').kid, first.signer('ondertekening-bewijs').kid)
  const day = '2027-05-20'
  const made = (await first.dataKeysFor([day])).get(day)!
  t.ok((await again.dataKeysFor([day])).get(day)!.key.equals(made.key))
  t.notSame(
    first.hash('index-adres', 'x'),
    first.hash('index-persoon', 'x'),
    'each purpose has a key of its own'
  )
})

t.test('another KEK is refused by name, and changes nothing', async (t) => {
  const { one: pool, known } = await openPools(t)
  const first = await openKeyRing(pool, kek, clock, known)
  const other = createSecretKey(randomBytes(32))
  await t.rejects(openKeyRing(pool, other, clock, known), {
    message: /^the KEK does not open the key database/
  })
  t.same((await openKeyRing(pool, kek, clock, known)).publicJwks(), first.publicJwks())
})

t.test('instances that start at the same moment on an empty key database get the same keys', async (t) => {
  const { one, two, known } = await openPools(t)
  const rings = await Promise.all([one, two, one, two].map((pool) => openKeyRing(pool, kek, clock, known)))
  t.equal(new Set(rings.map((ring) => ring.hash('index-adres', 'x').toString('hex'))).size, 1)
  t.equal(new Set(rings.map((ring) => JSON.stringify(ring.publicJwks()))).size, 1)
  const days = Array.from({ length: 20 }, (_, n) => `2027-05-${10 + n}`)
  const made = await Promise.all(rings.map((ring) => ring.dataKeysFor(days)))
  for (const day of days) {
    t.equal(new Set(made.map((keys) => keys.get(day)!.key.export().toString('hex'))).size, 1, day)
  }
  const all = days.map((day) => made[0]!.get(day)!.key.export().toString('hex'))
  t.equal(new Set(all).size, days.length, 'and every day has a key of its own')
})

t.test(
  'a key whose day has come is forgotten by every instance, also one that did not destroy it',
  async (t) => {
    const { one, two, known } = await openPools(t)
    let now = new Date('2026-11-20T09:00:00Z')
    const moving = () => now
    const [destroyer, other] = [
      await openKeyRing(one, kek, moving, known),
      await openKeyRing(two, kek, moving, known)
    ]
    const days = ['2026-12-01', '2026-12-02']
    await other.dataKeysFor(days)
    t.equal((await other.findDataKeys(days)).size, 2)
    now = new Date('2026-11-30T23:00:00Z')
    await destroyer.destroyDataKeys('2026-12-01')
    t.same([...(await destroyer.findDataKeys(days)).keys()], ['2026-12-02'])
    t.same([...(await other.findDataKeys(days)).keys()], ['2026-12-02'])
    const destroyed = await other.listDestroyedDataKeys('2026-12-01', '2026-12-02')
    t.same(
      destroyed.map(({ dag, vernietigdOp }) => ({ dag, vernietigdOp })),
      [{ dag: '2026-12-01', vernietigdOp: now }]
    )
    await destroyer.destroyDataKeys('2026-12-01')
    t.same(await other.listDestroyedDataKeys('2026-01-01', '2026-12-31'), destroyed, 'once')
  }
)

t.test('nothing in the key database opens without the KEK: no key stands there bare', async (t) => {
  const { one: pool, known } = await openPools(t)
  const ring = await openKeyRing(pool, kek, clock, known)
  const day = '2027-05-20'
  const bare = (await ring.dataKeysFor([day])).get(day)!.key.export()
  const { rows } = await pool.query(
    'select gewikkeld from dagsleutel union all select gewikkeld from sleutel'
  )
  t.ok(rows.length > 10)
  t.notOk(rows.some(({ gewikkeld }) => gewikkeld.includes(bare)))
})

import t from 'tap'
import { inLockOrder } from '../../../src/platform/database/locks.ts'
import type { Tx } from '../../../src/platform/database/open-database.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

t.test('a transaction that locks against the order is stopped before it can wait', async (t) => {
  const { database } = await openTestHub(t)
  const work = (locks: (tx: Tx) => void) => database.as({ duty: 'gemeente' }, async (tx) => locks(tx))
  await work((tx) => {
    inLockOrder(tx, 'zaak')
    inLockOrder(tx, 'vroegsignaal')
    inLockOrder(tx, 'vroegsignaal')
    inLockOrder(tx, 'telling')
  })
  await t.rejects(
    work((tx) => {
      inLockOrder(tx, 'vroegsignaal')
      inLockOrder(tx, 'zaak')
    }),
    { message: 'locked zaak after vroegsignaal' }
  )
  await work((tx) => inLockOrder(tx, 'zaak'))
})

import { sql } from 'kysely'
import t from 'tap'
import { openDatabase, type Tx } from '../../../src/platform/database/open-database.ts'
import { underDuty } from '../../../src/platform/database/under-duty.ts'
import { createTestDatabases } from '../../helpers/test-database.ts'

const { databaseUrl, drop } = await createTestDatabases()
const clock = () => new Date('2026-11-20T09:00:00Z')
const database = openDatabase({ url: databaseUrl, poolSize: 1, clock, onError: () => undefined })
t.teardown(async () => {
  await database.close()
  await drop()
})

async function settingsOf(tx: Tx): Promise<[role: string, gemeentecodes: string]> {
  const { rows } = await sql<{ role: string; codes: string }>`
    select current_user as role, current_setting('hub.gemeentecodes') as codes`.execute(tx)
  return [rows[0]!.role, rows[0]!.codes]
}

t.test('another duty for the same municipalities, and back', async (t) => {
  await database.as({ duty: 'gemeente', gemeentecodes: ['0177', '1773'] }, async (tx) => {
    const inside = await underDuty(tx, 'afhandelaar', () => settingsOf(tx))
    t.same(inside, ['signaalhub_afhandelaar', '0177,1773'])
    t.same(await settingsOf(tx), ['signaalhub_gemeente', '0177,1773'])
  })
})

t.test('another duty for other municipalities, and back', async (t) => {
  for (const gemeentecodes of [undefined, ['0150']]) {
    const duty = gemeentecodes === undefined ? 'beheer' : 'gemeente'
    await database.as({ duty, ...(gemeentecodes && { gemeentecodes }) }, async (tx) => {
      const before = await settingsOf(tx)
      t.same(await underDuty(tx, 'matcher', () => settingsOf(tx), ['0177', '1773']), [
        'signaalhub_matcher',
        '0177,1773'
      ])
      t.same(await underDuty(tx, 'matcher', () => settingsOf(tx), []), ['signaalhub_matcher', ''])
      t.same(await settingsOf(tx), before)
    })
  }
})

t.test('nothing of the switch reaches the next transaction on the connection', async (t) => {
  const failing = database.as({ duty: 'beheer' }, (tx) =>
    underDuty(tx, 'matcher', () => Promise.reject(new Error('no')), ['0177'])
  )
  await t.rejects(failing, { message: 'no' })
  t.same(await database.as({ duty: 'beheer' }, settingsOf), ['signaalhub_beheer', ''])
})
